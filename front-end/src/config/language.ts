/** The language of the pages. It is the same as long as the page is open: choosing another one reloads the page. */

/** The languages of the pages, by their own names. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español', ar: 'العربية' } as const;

export type Language = keyof typeof LANGUAGES;

const KEY = 'icmp.language';

function languageOf(tag: string | null): Language | null {
  const [name = ''] = tag?.split('-') ?? [];
  return Object.hasOwn(LANGUAGES, name) ? (name as Language) : null;
}

function storedLanguage(): Language | null {
  try {
    return languageOf(localStorage.getItem(KEY));
  } catch {
    return null; // storage is disabled
  }
}

const browserTags = globalThis.navigator?.languages ?? [];

/** The chosen language, or else the first one of the browser that exists here. */
export const language: Language = storedLanguage() ?? browserTags.map(languageOf).find((each) => each !== null) ?? 'en';

/** The tag for formatting: with the region of the browser, such as `de-AT`, if it has the same language. */
export const locale: string = browserTags.find((tag) => languageOf(tag) === language) ?? language;

export const direction = language === 'ar' ? 'rtl' : 'ltr';

/** Remembers the language in this browser, and shows the page in it. */
export function chooseLanguage(chosen: Language): void {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    return; // storage is disabled: the language of the browser stays
  }
  window.location.reload();
}
