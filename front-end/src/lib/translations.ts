/** Texts by language tag. */
export type Translations = Readonly<Record<string, string>>;

/** The translations in the API's format: without empty ones. */
export function filledIn(translations: Translations): Record<string, string> {
  return Object.fromEntries(Object.entries(translations).filter(([, text]) => text.trim()));
}
