/** PlaceholderNames and values of the API in the words of people who do not program. */

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** `order_number` is “Order number”. */
export function humanize(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function isUuid(text: string): boolean {
  return ID.test(text);
}

/** The id that a part of an address is, or null: what is no id names nothing. */
export function uuidOrNull(part: string | null | undefined): string | null {
  return part && isUuid(part) ? part : null;
}

export function isTimestamp(value: unknown): value is string {
  return typeof value === 'string' && MOMENT.test(value) && !Number.isNaN(Date.parse(value));
}

/** What an object has to say: its members without those that are empty, and without ids, which only machines read. */
export function visibleEntries(value: Record<string, unknown>): [string, unknown][] {
  return Object.entries(value).filter(
    ([name, each]) => !isEmpty(each) && !(name.endsWith('_id') && ID.test(String(each))),
  );
}

export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
