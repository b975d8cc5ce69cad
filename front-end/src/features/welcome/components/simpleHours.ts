/** Opening hours with the same times on all open days, as the form of the first step edits them. */

import type { Business } from '@/lib/types';

type Intervals = NonNullable<Business['settings']['business_hours']>;
export type Day = Intervals[number]['day'];

export const DAYS: readonly Day[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export interface SimpleHours {
  days: readonly Day[];
  start: string;
  end: string;
}

/** The hours for the form; null if they differ from day to day, so that the form cannot show them. */
export function simpleHoursOf(hours: Intervals | null | undefined): SimpleHours | null {
  const first = hours?.[0];
  if (!hours || !first) return { days: [], start: '09:00', end: '17:00' };
  const { start, end } = first;
  const days = hours.map((each) => each.day);
  const isSimple =
    hours.every((each) => each.start === start && each.end === end) && new Set(days).size === days.length;
  return isSimple ? { days, start, end: end === '24:00' ? '00:00' : end } : null;
}

/** The hours in the format of the API; undefined if no day is open, because then no hours are entered. */
export function toIntervals({ days, start, end }: SimpleHours): Intervals | undefined {
  if (!days.length) return undefined;
  // A field for times cannot show 24:00.
  return DAYS.filter((day) => days.includes(day)).map((day) => ({ day, start, end: end === '00:00' ? '24:00' : end }));
}

export function isValid({ days, start, end }: SimpleHours): boolean {
  return !days.length || (start !== '' && end !== '' && start !== end);
}
