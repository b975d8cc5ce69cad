/** Reads the files of `src/config/texts`. They contain only objects of strings. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const FOLDER = join(import.meta.dirname, '../src/config/texts');
export const TRANSLATIONS = ['de', 'es', 'ar'] as const;

export type Translations = (typeof TRANSLATIONS)[number];

/** The files with English texts, such as `inbox.ts`. Each has a translation of the same name for each language. */
export const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && !/^(index|all)\.ts$/.test(name));

type Visit = (path: readonly string[], literal: ts.StringLiteralLike) => void;

/** Calls `visit` for each text, with its path: the name of the export, and the names of its properties. */
export function visitTexts(code: string, visit: Visit): void {
  const file = ts.createSourceFile('texts.ts', code, ts.ScriptTarget.Latest);
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer) visitValue([(name as ts.Identifier).text], initializer, visit);
    }
  }
}

function visitValue(path: readonly string[], value: ts.Expression, visit: Visit): void {
  if (ts.isStringLiteralLike(value)) {
    visit(path, value);
  } else if (ts.isAsExpression(value)) {
    visitValue(path, value.expression, visit);
  } else if (ts.isCallExpression(value)) {
    visitValue(path, value.arguments.at(-1)!, visit); // translate(name, texts)
  } else if (ts.isObjectLiteralExpression(value)) {
    for (const property of value.properties) {
      if (!ts.isPropertyAssignment(property)) throw new Error(`${path.join('.')} contains something else than texts.`);
      visitValue([...path, (property.name as ts.Identifier | ts.StringLiteral).text], property.initializer, visit);
    }
  } else {
    throw new Error(`${path.join('.')} is neither a text nor a group of texts.`);
  }
}

/** The texts of a file by their paths, such as `inbox/handler/me`. */
export function readTexts(...path: string[]): Map<string, string> {
  const texts = new Map<string, string>();
  visitTexts(readFileSync(join(FOLDER, ...path), 'utf8'), (names, { text }) => texts.set(names.join('/'), text));
  return texts;
}
