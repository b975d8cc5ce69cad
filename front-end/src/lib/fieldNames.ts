/** Names of fields for display: of orders, customers and products in the language of the user, of others in words. */

import { language } from '@/config/language';
import { fieldTexts } from '@/config/texts/fields';
import { humanize } from './format';

const known: Readonly<Record<string, string>> = fieldTexts;

export function fieldName(name: string): string {
  return (Object.hasOwn(known, name) && known[name]) || humanize(name);
}

/** The name inside of a sentence. German nouns keep their capital letter. */
export function fieldNameInText(name: string): string {
  return language === 'de' ? fieldName(name) : fieldName(name).toLowerCase();
}
