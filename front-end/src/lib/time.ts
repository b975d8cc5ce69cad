/** Times of the API (ISO 8601 with offset) in the viewer's own zone and manner. */

const DAY = 24 * 3600 * 1000;

/** The clock for today, else the date too: short enough for a list. */
export function shortTime(iso: string, { seconds = false, now = new Date() } = {}): string {
  const time = new Date(iso);
  const clock = { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' as const } : {}) } as const;
  if (time.toDateString() === now.toDateString()) return time.toLocaleTimeString(undefined, clock);
  const sameYear = time.getFullYear() === now.getFullYear() || now.getTime() - time.getTime() < 90 * DAY;
  return time.toLocaleString(undefined, {
    day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }), ...clock,
  });
}

/** With seconds and the zone's name: for a title, and where exactness counts. */
export function fullTime(iso: string): string {
  return new Date(iso).toLocaleString(undefined, {
    year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
  });
}
