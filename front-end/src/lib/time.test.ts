import { expect, test } from 'vitest';
import { fullTime, shortTime } from './time';

test('the date is shown for other days, the year for other years', () => {
  const now = new Date(2026, 5, 15, 12, 0, 0);
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();
  expect(shortTime(at(2026, 5, 15, 9, 5), { now })).toMatch(/^0?9.05( AM)?$/);
  expect(shortTime(at(2026, 5, 15, 9, 5), { now, seconds: true })).toMatch(/00/);
  expect(shortTime(at(2026, 5, 14, 9, 5), { now })).toMatch(/14/);
  expect(shortTime(at(2026, 5, 14, 9, 5), { now })).not.toMatch(/2026/);
  expect(shortTime(at(2024, 5, 14, 9, 5), { now })).toMatch(/2024/);
});

test('invalid times are returned unchanged', () => {
  for (const text of ['2026-11-21T25:00:00', '2026-11-21T19:00:00 to 21:00:00', '']) {
    expect(shortTime(text)).toBe(text);
    expect(fullTime(text)).toBe(text);
  }
});
