/** Formats names and values of the API for display. */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** Turns `order_number` into “Order number”. */
export function humanize(name: string): string {
  const words = name === 'timezone' ? 'time zone' : name.replaceAll('_', ' ').trim().replace(/\bid$/, 'ID');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The beginning of a text on one line, for lists. */
export function firstWords(text: string, max = 60): string {
  const characters = [...text.replaceAll(/\s+/g, ' ').trim()];
  return characters.length > max ? `${characters.slice(0, max).join('').trimEnd()}…` : characters.join('');
}

/** A text whose direction does not affect the text around it, as `bdi` does where elements are not allowed. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The text if it is a UUID, otherwise null. */
export function uuidOrNull(part: string | null | undefined): string | null {
  return part && isUuid(part) ? part : null;
}

export function isTimestamp(value: unknown): value is string {
  return typeof value === 'string' && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value));
}

/** The fields of an object, without empty values and IDs. */
export function visibleEntries(value: Record<string, unknown>): [string, unknown][] {
  return Object.entries(value).filter(
    ([name, each]) => !isEmpty(each) && !(name.endsWith('_id') && UUID.test(String(each))),
  );
}

export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
