import { texts } from '@/config/texts';

/** What is wrong with the text of a required field. */
export function missing(text: string): string | undefined {
  return text.trim() ? undefined : texts.login.missing;
}
