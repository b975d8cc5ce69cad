import { expect, test } from 'vitest';
import { addDays, dateIn, daysIn, defaultBy, formatsOf, periodOf } from './period';

test('a named period ends today, and a period of dates is put in order', () => {
  expect(periodOf('7d', '', '', '2026-03-02')).toEqual({ from: '2026-02-24', to: '2026-03-02' });
  expect(periodOf('unknown', 'no date', '2026-01-01', '2026-03-31')).toEqual({ from: '2026-03-02', to: '2026-03-31' });
  expect(periodOf('7d', '2026-02-02', '2026-02-01', '2026-03-02')).toEqual({ from: '2026-02-01', to: '2026-02-02' });
});

test('days are counted on the calendar, also when the clocks change', () => {
  expect(daysIn({ from: '2026-03-28', to: '2026-03-30' })).toBe(3);
  expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
});

test('the date is that of the time zone', () => {
  const time = new Date('2026-05-01T23:30:00Z');
  expect(dateIn('Europe/Berlin', time)).toBe('2026-05-02');
  expect(dateIn('America/New_York', time)).toBe('2026-05-01');
});

test('long periods are divided into longer parts', () => {
  const byOf = (days: number) => defaultBy({ from: '2026-01-01', to: addDays('2026-01-01', days - 1) });
  expect([1, 30, 90, 365, 800].map(byOf)).toEqual(['hour', 'day', 'week', 'week', 'month']);
});

test('the start of a day is named in the time zone of the business', () => {
  expect(formatsOf('day', 'Europe/Berlin').title('2026-05-01T22:00:00Z')).toMatch(/May 2, 2026|2 May 2026/);
});
