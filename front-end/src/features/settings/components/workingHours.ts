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

/** The style of a field for a time of the day. */
// On a phone, the button that opens the clock would cover "AM" and "PM". There, touching the field opens it.
export const TIME_FIELD = {
  flex: 1,
  maxWidth: 150,
  '& input': { px: { xs: 1.25, sm: 1.75 } },
  '& input::-webkit-calendar-picker-indicator': { display: { xs: 'none', sm: 'block' } },
} as const;
