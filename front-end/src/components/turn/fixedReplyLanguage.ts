import type { Translations } from '@/lib/translations';

/** The language of a fixed reply that is not the text for all other languages. */
export interface ReplyLanguage {
  /** Its tag among the translations. */
  tag: string;
  /** Whether an answer in the conversation certainly belongs to it, and not to the text for all other languages. */
  isCertain: boolean;
}

/** The language of the answers in a conversation, if a fixed reply can have a text of its own in it. Null: the answers
 * are in the main language of the business, or their language is not known. */
export function replyLanguage(
  conversationLanguage: string | null,
  offered: readonly string[],
  translations: Translations,
): ReplyLanguage | null {
  const main = offered[0];
  if (conversationLanguage === null) return null;
  const isOffered = main === undefined || offered.some((each) => isSameLanguage(each, conversationLanguage));
  const language = isOffered ? conversationLanguage : main;
  const tag = Object.keys(translations).find((each) => isSameLanguage(each, language));
  if (tag !== undefined) return { tag, isCertain: true };
  if (main === undefined) return { tag: language, isCertain: false };
  return isSameLanguage(language, main) ? null : { tag: language, isCertain: true };
}

/** Whether two tags match as they do on the server: `de` and `de-AT` match, `pt-PT` and `pt-BR` do not. */
function isSameLanguage(one: string, other: string): boolean {
  const others = other.toLowerCase().split('-');
  return one
    .toLowerCase()
    .split('-')
    .every((part, at) => at >= others.length || part === others[at]);
}
