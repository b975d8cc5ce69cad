import { texts } from '@/config/texts';
import { fieldName } from '@/lib/fieldNames';

/** A value in words: no braces, quotation marks or brackets. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? texts.common.yes : texts.common.no;
  if (Array.isArray(value)) return value.map(plain).join('; ') || '–';
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, each]) => `${fieldName(name)}: ${plain(each)}`)
      .join(' · ');
  return String(value);
}
