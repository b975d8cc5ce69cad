import { expect, it } from 'vitest';
import { snoozeTimes } from './snoozeTimes';

it('suggests the evening only if it is more than an hour away', () => {
  const names = (hour: number) => snoozeTimes(new Date(2026, 10, 25, hour)).map((each) => each.name);
  expect(names(10)).toEqual(['hour', 'evening', 'tomorrow', 'week']);
  expect(names(17)).toEqual(['hour', 'tomorrow', 'week']);
});

it('suggests the next Monday, also on a Monday and a Sunday', () => {
  const week = (day: number) => snoozeTimes(new Date(2026, 10, day, 12)).find((each) => each.name === 'week')?.time;
  expect(week(25)).toEqual(new Date(2026, 10, 30, 9));
  expect(week(30)).toEqual(new Date(2026, 11, 7, 9));
  expect(week(29)).toEqual(new Date(2026, 10, 30, 9));
});
