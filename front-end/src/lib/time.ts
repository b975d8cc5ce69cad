/** Formats times of the API (ISO 8601 with offset) in the user's time zone and language. */

import { locale } from '@/config/language';

const DAY = 24 * 3600 * 1000;

// Creating a formatter is expensive, so they are created once.
const clock = { hour: '2-digit', minute: '2-digit' } as const;
const day = { day: 'numeric', month: 'short' } as const;
const withSeconds = { second: '2-digit' } as const;
const formatters = (more: Intl.DateTimeFormatOptions) => ({
  today: new Intl.DateTimeFormat(locale, { ...clock, ...more }),
  thisYear: new Intl.DateTimeFormat(locale, { ...day, ...clock, ...more }),
  older: new Intl.DateTimeFormat(locale, { ...day, year: 'numeric', ...clock, ...more }),
});
const short = formatters({});
const exact = formatters(withSeconds);
const full = new Intl.DateTimeFormat(locale, {
  ...day,
  year: 'numeric',
  ...clock,
  ...withSeconds,
  timeZoneName: 'short',
});

/** Only the time for today, otherwise also the date. Returns the text unchanged if it is not a valid time. */
export function shortTime(iso: string, { seconds = false, now = new Date() } = {}): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const formatter = seconds ? exact : short;
  if (time.toDateString() === now.toDateString()) return formatter.today.format(time);
  const sameYear = time.getFullYear() === now.getFullYear() || now.getTime() - time.getTime() < 90 * DAY;
  return (sameYear ? formatter.thisYear : formatter.older).format(time);
}

/** Date and time with seconds and time zone. Returns the text unchanged if it is not a valid time. */
export function fullTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : full.format(time);
}

const dayOnly = new Intl.DateTimeFormat(locale, day);
const dayAndYear = new Intl.DateTimeFormat(locale, { ...day, year: 'numeric' });

/** The time for today, otherwise only the day. For lists with little space. */
export function compactTime(iso: string, now = new Date()): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  if (time.toDateString() === now.toDateString()) return short.today.format(time);
  return (now.getTime() - time.getTime() < 300 * DAY ? dayOnly : dayAndYear).format(time);
}

/** Whole minutes, hours or days since a time. */
export function elapsedSince(iso: string, now = Date.now()): { unit: 'minutes' | 'hours' | 'days'; value: number } {
  const minutes = Math.max(0, Math.floor((now - Date.parse(iso)) / 60_000));
  if (minutes < 60) return { unit: 'minutes', value: minutes };
  return minutes < 48 * 60
    ? { unit: 'hours', value: Math.floor(minutes / 60) }
    : { unit: 'days', value: Math.floor(minutes / (24 * 60)) };
}

const longDay = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });

/** The day, with its weekday. */
export function dayOf(iso: string): string {
  return longDay.format(new Date(iso));
}

const calendarDay = new Intl.DateTimeFormat(locale, { ...day, year: 'numeric', timeZone: 'UTC' });

/** A date of the API without a time, such as 2026-11-30. */
export function formatDay(date: string): string {
  return calendarDay.format(new Date(date));
}

/** The time zones that the browser knows, and another one that is in use. */
export function timeZonesWith(used: string): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), used])];
}
