/** Language tags of the API, such as `de` or `pt-BR`, and their names. */

import { agentTexts } from '@/config/texts/agents';
import { locale } from '@/config/language';

/** The tags that are offered first. Any other one can be typed. */
export const COMMON_LANGUAGES = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'pl',
  'tr',
  'uk',
  'ru',
  'ar',
  'hi',
  'ja',
  'ko',
  'zh',
] as const;

const TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const NAMES = new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' });

export function isLanguageTag(text: string): boolean {
  return TAG.test(text);
}

/** The name and the tag, or only the tag if it has no name. */
export function languageLabel(tag: string): string {
  const name = isLanguageTag(tag) ? NAMES.of(tag) : undefined;
  return name ? agentTexts.languageWithTag({ name, tag }) : tag;
}

/** The tag that a text means: a tag itself, or the name of a common language. */
export function languageTagOf(text: string): string {
  const wanted = text.trim().toLowerCase();
  const named = COMMON_LANGUAGES.find(
    (tag) => NAMES.of(tag)?.toLowerCase() === wanted || languageLabel(tag).toLowerCase() === wanted,
  );
  return named ?? text.trim();
}
