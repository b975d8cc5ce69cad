import compile from 'icu-minify/compile';
import { expect, test } from 'vitest';
import { FILES, TRANSLATIONS, readTexts } from './catalogs.ts';
import { findUses, importsWithoutTexts, sourceFiles } from './uses.ts';

// Numbers of types in compiled messages.
const SELECT = 1;
const PLURAL = 2;

const uses = findUses();
const english = new Map(FILES.flatMap((file) => [...readTexts(file)]));

test.each(TRANSLATIONS)('the texts in %s have the same names as the English ones', (language) => {
  for (const file of FILES) expect([...readTexts(language, file).keys()], file).toEqual([...readTexts(file).keys()]);
});

test.each(TRANSLATIONS)('all texts are translated to %s', (language) => {
  const missing = FILES.flatMap((file) => [...readTexts(language, file)].filter(([, text]) => !text));
  expect(missing.map(([path]) => path)).toEqual([]);
});

test.each(['en', ...TRANSLATIONS])('the texts in %s contain the same values, and all forms of plurals', (language) => {
  const wrong: string[] = [];
  for (const file of FILES) {
    for (const [path, text] of language === 'en' ? readTexts(file) : readTexts(language, file)) {
      const problem = text && problemOf(text, english.get(path) ?? '', language);
      if (problem) wrong.push(`${path}: ${problem}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('each text is used', () => {
  const used = new Set(uses.filter((each) => !each.isAlias).map((each) => each.path));
  const isUsed = (path: string): boolean =>
    used.has(path) || (path.includes('/') && isUsed(path.slice(0, path.lastIndexOf('/'))));
  expect([...english.keys()].filter((path) => !isUsed(path))).toEqual([]);
});

test('texts are not read while the code is loaded, because the translations are loaded afterwards', () => {
  const early = uses.filter((each) => each.isEarly && english.has(each.path));
  expect(early.map((each) => `${each.place} ${each.path}`)).toEqual([]);
});

test('code that is loaded later waits for its texts', () => {
  expect(sourceFiles().flatMap((path) => importsWithoutTexts(path))).toEqual([]);
});

/** What is wrong with a translation, if anything. */
function problemOf(text: string, original: string, language: string): string | null {
  const { values, plurals } = partsOf(compile(text));
  const expected = partsOf(compile(original));
  const names = [...values].toSorted().join();
  const wanted = [...expected.values].toSorted().join();
  if (names !== wanted) return `the values are ${names}, not ${wanted}`;
  const rules = new Intl.PluralRules(language);
  const forms = new Set(Array.from({ length: 200 }, (_, n) => rules.select(n)));
  for (const [name, given] of plurals) {
    const missing = expected.plurals.get(name)?.has('one') ? [...forms].filter((form) => !given.has(form)) : [];
    if (missing.length) return `the plural of ${name} has no form for ${missing.join()}`;
  }
  return null;
}

/** The names of the values in a message, and the forms of its plurals. */
function partsOf(message: unknown): { values: Set<string>; plurals: Map<string, Set<string>> } {
  const values = new Set<string>();
  const plurals = new Map<string, Set<string>>();
  const visit = (node: unknown): void => {
    if (!Array.isArray(node)) return;
    const [name, type, options] = node as [unknown, unknown, unknown];
    if (typeof name !== 'string' || !(node.length === 1 || (typeof type === 'number' && type > 0))) {
      node.forEach(visit);
      return;
    }
    values.add(name);
    if (type === SELECT || type === PLURAL) Object.values(options as object).forEach(visit);
    if (type === PLURAL) plurals.set(name, new Set(Object.keys(options as object)));
  };
  visit(message);
  return { values, plurals };
}
