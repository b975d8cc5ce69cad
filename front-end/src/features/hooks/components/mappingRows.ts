import type { HookCreate } from '@/lib/types';

type Rule = HookCreate['mapping'][number];
export type Source = 'first' | 'join' | 'value';

/** A row of the form: a field, and where its value comes from. */
export interface MappingRow {
  key: number;
  field: string;
  source: Source;
  /** The paths separated by spaces, or the fixed text. */
  text: string;
  separator: string;
}

let lastKey = 0;

export const emptyRow = (): MappingRow => ({ key: ++lastKey, field: '', source: 'first', text: '', separator: ', ' });

export function toRows(mapping: readonly Rule[]): MappingRow[] {
  return mapping.map((rule) => ({
    ...emptyRow(),
    field: rule.field,
    source: rule.value !== undefined ? 'value' : rule.separator !== undefined ? 'join' : 'first',
    text: rule.value ?? (rule.pointers ?? []).map(escapeSpaces).join(' '),
    separator: rule.separator ?? ', ',
  }));
}

/** The mapping of the rows that have a field. */
export function toMapping(rows: readonly MappingRow[]): HookCreate['mapping'] {
  return rows
    .filter((row) => row.field)
    .map(({ field, source, text, separator }) => {
      if (source === 'value') return { field, value: text.trim() };
      const pointers = text
        .split(/\s+/)
        .filter(Boolean)
        .map((each) => each.replaceAll('%20', ' '));
      return source === 'join' ? { field, pointers, separator } : { field, pointers };
    }) as HookCreate['mapping'];
}

/** Names in JSON may contain spaces, which separate the paths in the form. */
function escapeSpaces(pointer: string): string {
  return pointer.replaceAll(' ', '%20');
}
