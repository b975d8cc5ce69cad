/** Working hours as edited in the form, and their conversion to those of the API. */

import type { WorkingHours } from '@/lib/types';

type Interval = NonNullable<WorkingHours>[number];
export type Day = Interval['day'];

export const DAYS: readonly Day[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
export const OFFICE_HOURS: NonNullable<WorkingHours> = DAYS.slice(0, 5).map((day) => ({
  day,
  start: '09:00',
  end: '17:00',
}));

/** Fields for times cannot show 24:00, so midnight at the end of an interval is shown as 00:00. */
export function shownEnd(end: string): string {
  return end === '24:00' ? '00:00' : end;
}

export function endOf(shown: string): string {
  return shown === '00:00' ? '24:00' : shown;
}

/** Whether both times are given and differ. */
export function isComplete({ start, end }: Interval): boolean {
  return start !== '' && end !== '' && start !== end;
}

/** The hours in the order of the week. */
export function inOrder(hours: NonNullable<WorkingHours>): NonNullable<WorkingHours> {
  return hours.toSorted((a, b) => DAYS.indexOf(a.day) - DAYS.indexOf(b.day) || a.start.localeCompare(b.start));
}
