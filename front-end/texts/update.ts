/** Adds new English texts to the translations, without a text, and removes those that no longer exist. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { FILES, FOLDER, TRANSLATIONS, readTexts } from './catalogs.ts';

type Tree = { [key: string]: Tree | string };

/** Writes all translations. Returns the number of missing texts by language and file. */
export async function updateTranslations(): Promise<Map<string, number>> {
  const files = TRANSLATIONS.flatMap((language) => FILES.map((file) => update(language, file)));
  return new Map(await Promise.all(files));
}

async function update(language: string, file: string): Promise<[string, number]> {
  const path = join(FOLDER, language, file);
  mkdirSync(join(FOLDER, language), { recursive: true });
  const english = readTexts(file);
  const translated = existsSync(path) ? readTexts(language, file) : new Map<string, string>();
  const options = await resolveConfig(path);
  writeFileSync(path, await format(codeOf(file, english, translated), { ...options, parser: 'typescript' }));
  return [`${language}/${file}`, [...english.keys()].filter((each) => !translated.get(each)).length];
}

function codeOf(file: string, english: Map<string, string>, translated: Map<string, string>): string {
  const tree: Tree = {};
  for (const path of english.keys()) {
    const names = path.split('/');
    let group = tree;
    for (const name of names.slice(0, -1)) group = (group[name] ??= {}) as Tree;
    group[names.at(-1)!] = path;
  }
  const valueOf = (value: Tree | string): string => {
    if (typeof value !== 'string') {
      return `{\n${Object.entries(value)
        .map(([name, each]) => `${JSON.stringify(name)}: ${valueOf(each)}`)
        .join('')}}${value === tree ? '' : ',\n'}`;
    }
    const text = translated.get(value) ?? '';
    return `${JSON.stringify(text)},${text ? '' : ` // ${english.get(value)!}`}\n`;
  };
  const groups = Object.entries(tree).map(
    ([name, group]) =>
      `\nexport const ${name}: Translation<typeof en.${name}> = ${valueOf(group).replace(/,\n$/, '')};\n`,
  );
  return [
    "import type { Translation } from '../../translate';\n",
    `import type * as en from '../${file.replace('.ts', '')}';\n`,
    ...groups,
  ].join('');
}
