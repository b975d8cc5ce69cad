/** Formats times of the API (ISO 8601 with offset) in the user's time zone and locale. */

const DAY = 24 * 3600 * 1000;

// Creating a formatter is expensive, so they are created once.
const clock = { hour: '2-digit', minute: '2-digit' } as const;
const day = { day: 'numeric', month: 'short' } as const;
const withSeconds = { second: '2-digit' } as const;
const formatters = (more: Intl.DateTimeFormatOptions) => ({
  today: new Intl.DateTimeFormat(undefined, { ...clock, ...more }),
  thisYear: new Intl.DateTimeFormat(undefined, { ...day, ...clock, ...more }),
  older: new Intl.DateTimeFormat(undefined, { ...day, year: 'numeric', ...clock, ...more }),
});
const short = formatters({});
const exact = formatters(withSeconds);
const full = new Intl.DateTimeFormat(undefined, {
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
