/** Times of the API (ISO 8601 with offset) in the viewer's own zone and manner. */

const DAY = 24 * 3600 * 1000;

// A formatter costs far more to make than to use, and a list formats two times a row.
const clock = { hour: '2-digit', minute: '2-digit' } as const;
const day = { day: 'numeric', month: 'short' } as const;
const andSeconds = { second: '2-digit' } as const;
const formatters = (more: Intl.DateTimeFormatOptions) => ({
  today: new Intl.DateTimeFormat(undefined, { ...clock, ...more }),
  thisYear: new Intl.DateTimeFormat(undefined, { ...day, ...clock, ...more }),
  older: new Intl.DateTimeFormat(undefined, { ...day, year: 'numeric', ...clock, ...more }),
});
const short = formatters({});
const exact = formatters(andSeconds);
const full = new Intl.DateTimeFormat(undefined, {
  ...day,
  year: 'numeric',
  ...clock,
  ...andSeconds,
  timeZoneName: 'short',
});

/** The clock for today, else the date too: short enough for a list. What is no time, as a model may say, stays as it is. */
export function shortTime(iso: string, { seconds = false, now = new Date() } = {}): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const formatter = seconds ? exact : short;
  if (time.toDateString() === now.toDateString()) return formatter.today.format(time);
  const sameYear = time.getFullYear() === now.getFullYear() || now.getTime() - time.getTime() < 90 * DAY;
  return (sameYear ? formatter.thisYear : formatter.older).format(time);
}

/** With seconds and the zone's name: for a title, and where exactness counts. */
export function fullTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : full.format(time);
}
