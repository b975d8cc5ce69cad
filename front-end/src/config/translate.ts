/** The texts of the pages in the language of the user.
 *
 * English texts are part of the code. Those of other languages are loaded together with the code that shows them, and
 * replace the English ones; texts that have not been translated stay English. */

import type { GetICUArgs } from '@schummar/icu-type-parser';
import format, { type CompiledMessage } from 'icu-minify/format';
import { direction, language, locale } from './language';

type Values<Message extends string> = GetICUArgs<
  Message,
  { ICUArgument: string; ICUNumberArgument: number; ICUDateArgument: Date }
>;

/** A message without values is a string, one with values a function. */
type Text<Message extends string> = Message extends `${string}{${string}`
  ? keyof Values<Message> extends never
    ? string
    : (values: Values<Message>) => string
  : string;

export type Texts<English> = English extends string
  ? Text<English>
  : English extends (...values: never[]) => string
    ? English
    : { readonly [Key in keyof English]: Texts<English[Key]> };

/** The translation of texts. Texts that are missing or empty stay English. */
export type Translation<English> = {
  readonly [Key in keyof English]?: English[Key] extends string | ((values: never) => string)
    ? string
    : Translation<English[Key]>;
};

type Files = Record<string, () => Promise<unknown>>;
type Tree = { [key: string]: Tree | string | ((values: never) => string) };
/** What the build makes of texts: messages with values are compiled to arrays. */
type Compiled = { readonly [key: string]: Compiled | CompiledMessage | ((values: never) => string) };

const loading = new Set<Promise<void>>();

/** Waits for code, and for the translations of the texts that it uses. Everything that is loaded later than the start
 * script must be loaded with this function. */
export async function withTexts<Code>(code: Promise<Code>): Promise<Code> {
  const loaded = await code;
  await Promise.all(loading);
  return loaded;
}

/** Returns a function that defines the texts of one file. `files` are the translations of this file. */
export function translator(files: Files) {
  const groups = new Map<string, Tree>();
  const load = Object.entries(files).find(([path]) => path.includes(`/${language}/`))?.[1];
  if (load) {
    const loaded = load().then((file) => {
      const translated = file as Record<string, Compiled>;
      for (const [name, texts] of groups) fill(texts, translated[name] ?? {});
      loading.delete(loaded);
    });
    loading.add(loaded);
    loaded.catch(() => undefined); // withTexts reports it
  }
  return <const English extends object>(name: string, english: English): Texts<English> => {
    const texts: Tree = {};
    fill(texts, english as Compiled);
    groups.set(name, texts);
    return texts as Texts<English>;
  };
}

/** Objects are changed in place, because modules may refer to them already. */
function fill(texts: Tree, messages: Compiled): void {
  for (const [key, message] of Object.entries(messages)) {
    if (typeof message === 'string' || typeof message === 'function') {
      if (message !== '') texts[key] = message;
    } else if (Array.isArray(message)) {
      texts[key] = (values: Record<string, string>) =>
        format(message as CompiledMessage, locale, isolateValues(message, values), { formatters }) as string;
    } else {
      fill((texts[key] ??= {}) as Tree, message as Compiled);
    }
  }
}

// Texts that could change the order of the words around them: in a page from right to left all of them.
const OTHER_DIRECTION = direction === 'rtl' ? /./s : /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** The values of a message, with those isolated that have another direction, such as a name in another script. */
function isolateValues(message: unknown, values: Record<string, unknown>) {
  const entries = Object.entries(values).map(([name, value]) => {
    const isText = typeof value === 'string' && OTHER_DIRECTION.test(value);
    return [name, isText && !isSelecting(message, name) ? `\u2068${value}\u2069` : value];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

const SELECT = 1; // the type of a part of a compiled message

/** Whether a message depends on a value, as on the word “owner”, instead of containing it. */
function isSelecting(part: unknown, name: string): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if (Array.isArray(part) && part[0] === name && part[1] === SELECT) return true;
  return Object.values(part).some((each) => isSelecting(each, name));
}

// Creating a formatter is expensive, so they are created once.
const created = new Map<string, unknown>();

function once<Options, Formatter>(
  kind: string,
  create: (locale?: Intl.LocalesArgument, options?: Options) => Formatter,
) {
  return (tag?: Intl.LocalesArgument, options?: Options): Formatter => {
    const key = kind + JSON.stringify(options);
    if (!created.has(key)) created.set(key, create(tag, options));
    return created.get(key) as Formatter;
  };
}

const formatters = {
  getNumberFormat: once('number', (tag, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(tag, options)),
  getPluralRules: once('plural', (tag, options?: Intl.PluralRulesOptions) => new Intl.PluralRules(tag, options)),
  getDateTimeFormat: once('date', (tag, options?: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, options)),
};
