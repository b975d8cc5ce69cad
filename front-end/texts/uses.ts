/** Finds where the code uses texts. */

import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const SOURCES = join(import.meta.dirname, '../src');

export interface Use {
  /** The path of a text, or of a group of texts that is used as a whole or with a name that is only known later. */
  path: string;
  /** Whether the text is read while the module is loaded, before the translations are. */
  isEarly: boolean;
  /** Whether the code only gives it another name. Its uses are found under that name. */
  isAlias: boolean;
  place: string;
}

/** The places in the code that use texts. */
export function findUses(): Use[] {
  return sourceFiles().flatMap((path) => usesIn(relative(SOURCES, path), readFileSync(path, 'utf8')));
}

/** All source files, except the texts themselves. */
export function sourceFiles(): string[] {
  return readdirSync(SOURCES, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && /\.tsx?$/.test(each.name) && !/\.test\.ts$|\.gen\.ts$/.test(each.name))
    .map((each) => join(each.parentPath, each.name))
    .filter((each) => !each.includes('/config/texts/'));
}

function usesIn(place: string, code: string): Use[] {
  if (!code.includes('@/config/texts')) return [];
  const file = ts.createSourceFile(place, code, ts.ScriptTarget.Latest, true);
  const names = new Map<string, Set<string>>(); // what the names in this file stand for
  const add = (name: string, path: string) => names.set(name, (names.get(name) ?? new Set()).add(path));
  const uses: Use[] = [];

  const pathsOf = (node: ts.Expression): string[] => {
    if (ts.isIdentifier(node)) return [...(names.get(node.text) ?? [])];
    if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return pathsOf(node.expression);
    if (ts.isConditionalExpression(node)) return [...pathsOf(node.whenTrue), ...pathsOf(node.whenFalse)];
    if (ts.isPropertyAccessExpression(node))
      return pathsOf(node.expression).map((each) => pathTo(each, node.name.text));
    if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
      const { text } = node.argumentExpression;
      return pathsOf(node.expression).map((each) => pathTo(each, text));
    }
    return [];
  };

  const isPart = ({ parent }: ts.Node, node: ts.Node) =>
    (ts.isPropertyAccessExpression(parent) && parent.expression === node) ||
    (ts.isElementAccessExpression(parent) &&
      parent.expression === node &&
      ts.isStringLiteralLike(parent.argumentExpression)) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== node);

  const declare = (node: ts.Node): void => {
    if (ts.isImportSpecifier(node) && isOfTexts(node)) {
      const exported = (node.propertyName ?? node.name).text;
      add(node.name.text, exported === 'texts' ? '' : exported);
    } else if (ts.isVariableDeclaration(node) && node.initializer) {
      for (const path of pathsOf(node.initializer)) {
        if (ts.isIdentifier(node.name)) add(node.name.text, path);
        else for (const each of node.name.elements) declareElement(each, path);
      }
    }
    node.forEachChild(declare);
  };
  const declareElement = (element: ts.ArrayBindingElement, path: string) => {
    if (!ts.isBindingElement(element) || !ts.isIdentifier(element.name)) return;
    add(element.name.text, pathTo(path, ((element.propertyName ?? element.name) as ts.Identifier).text));
  };

  const visit = (node: ts.Node, isEarly: boolean): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isIdentifier(node) && names.has(node.text) && isReference(node)) {
      let whole: ts.Expression = node;
      while (isPart(whole, whole)) whole = whole.parent as ts.Expression;
      const { parent } = whole;
      const isAlias = ts.isVariableDeclaration(parent) && parent.initializer === whole;
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      for (const path of new Set(pathsOf(whole))) {
        if (path) uses.push({ path, isEarly, isAlias, place: `${place}:${line}` });
      }
    }
    const isLater = ts.isFunctionLike(node);
    node.forEachChild((child) => visit(child, isEarly && !isLater));
  };

  declare(file);
  visit(file, true);
  return uses;
}

const pathTo = (path: string, name: string) => (path ? `${path}/${name}` : name);

function isOfTexts(node: ts.ImportSpecifier): boolean {
  const { moduleSpecifier } = node.parent.parent.parent as ts.ImportDeclaration;
  return ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text.startsWith('@/config/texts');
}

function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return parent.getStart() === node.getStart();
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === node;
  return !ts.isBindingElement(parent) && !ts.isJsxAttribute(parent) && !ts.isPropertySignature(parent);
}

/** Code of the pages that is loaded later, but does not wait for its texts. */
export function importsWithoutTexts(path: string): string[] {
  const code = readFileSync(path, 'utf8');
  if (!code.includes('import(')) return [];
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node, waits: boolean): void => {
    if (ts.isCallExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword && !waits) {
        const [name] = node.arguments;
        if (name && /^['"](\.|@\/(app|components|features))/.test(name.getText()))
          found.push(`${path}: ${name.getText()}`);
      }
      if (/^(withTexts|loadWhenOpened|page|pageOf)$/.test(node.expression.getText())) waits = true;
    }
    node.forEachChild((child) => visit(child, waits));
  };
  visit(file, false);
  return found;
}
