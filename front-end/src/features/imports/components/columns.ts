import { importTexts } from '@/config/texts/imports';
import { humanize } from '@/lib/format';
import { formatList } from '@/lib/intl';
import type { ImportPreview } from '@/lib/types';

/** The name of a field, such as `sku` or `user.email`, as people read it. */
export function fieldLabel(field: string): string {
  const inner = field.replace(/^user\./, '');
  const label = inner === 'sku' ? 'SKU' : humanize(inner);
  return inner === field ? label : importTexts.ofCustomer({ field: label });
}

/** What is wrong with the fields that are assigned to the columns, or null. */
export function problemOf(columns: readonly string[], fields: ImportPreview['fields']): string | null {
  const twice = fields.filter(({ field }) => columns.filter((each) => each === field).length > 1);
  if (twice.length) return importTexts.twice({ fields: formatList(twice.map(({ field }) => fieldLabel(field))) });
  const missing = fields.filter(
    ({ field, required }) =>
      // An order may name its customer by ICMP's ID instead.
      required && !columns.includes(field) && !(field === 'user.external_id' && columns.includes('user_id')),
  );
  return missing.length
    ? importTexts.missing({ fields: formatList(missing.map(({ field }) => fieldLabel(field))) })
    : null;
}
