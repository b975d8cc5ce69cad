/** The days that the figures are about, in the time zone of the business. */

import { locale } from '@/config/language';

export type By = 'hour' | 'day' | 'week' | 'month';

const DAY = 24 * 3600 * 1000;

/** The number of days of each period that can be chosen, today included. */
export const PERIODS = { today: 1, '7d': 7, '30d': 30, '90d': 90, '365d': 365 } as const;
export type PeriodName = keyof typeof PERIODS;
export const DEFAULT_PERIOD: PeriodName = '30d';

const DATE = /^\d{4}-\d\d-\d\d$/;

export interface Period {
  from: string;
  /** Inclusive. */
  to: string;
}

/** A date and a number of days later, as `2026-05-01`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/** The number of days, both included. */
export function daysIn({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;
}

const zones = new Map<string, Intl.DateTimeFormat>(); // creating a formatter is expensive

/** The date in a time zone. */
export function dateIn(timeZone: string, time = new Date()): string {
  // Swedish dates have the format of ISO 8601.
  const formatter = zones.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone });
  zones.set(timeZone, formatter);
  return formatter.format(time);
}

export function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text));
}

/** The period with this name, or the one from `from` to `to` if both are valid. */
export function periodOf(name: string, from: string, to: string, today: string): Period {
  if (isDate(from) && isDate(to)) return from <= to ? { from, to } : { from: to, to: from };
  const days = PERIODS[name in PERIODS ? (name as PeriodName) : DEFAULT_PERIOD];
  return { from: addDays(today, 1 - days), to: today };
}

/** Into which parts a period is divided unless the user chooses others, so that a chart has at most about 60. */
export function defaultBy(period: Period): By {
  const days = daysIn(period);
  if (days <= 2) return 'hour';
  if (days <= 62) return 'day';
  return days <= 400 ? 'week' : 'month';
}

/** The parts into which a period can be divided without too many of them. */
export function possibleBys(period: Period): By[] {
  const days = daysIn(period);
  return [
    ...(days <= 14 ? (['hour'] as const) : []),
    'day',
    ...(days > 7 ? (['week'] as const) : []),
    ...(days > 31 ? (['month'] as const) : []),
  ];
}

const FORMATS: Record<By, { label: Intl.DateTimeFormatOptions; title: Intl.DateTimeFormatOptions }> = {
  hour: {
    label: { hour: '2-digit', minute: '2-digit' },
    title: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  },
  day: {
    label: { day: 'numeric', month: 'short' },
    title: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  },
  week: { label: { day: 'numeric', month: 'short' }, title: { day: 'numeric', month: 'short', year: 'numeric' } },
  month: { label: { month: 'short' }, title: { month: 'long', year: 'numeric' } },
};

/** Functions that name the start of an hour, day, week or month: short, and in full. */
export function formatsOf(by: By, timeZone: string) {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, { ...options, timeZone });
    return (iso: string) => formatter.format(new Date(iso));
  };
  return { label: format(FORMATS[by].label), title: format(FORMATS[by].title) };
}

const dates = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A period in words: “1–30 Nov 2026”. */
export function formatPeriod({ from, to }: Period): string {
  return dates.formatRange(new Date(from), new Date(to));
}
