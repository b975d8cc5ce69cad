import { expect, test } from 'vitest';
import { isValid, simpleHoursOf, toIntervals } from './simpleHours';

test('hours of the API survive the form', () => {
  const hours = [
    { day: 'monday' as const, start: '09:00', end: '24:00' },
    { day: 'saturday' as const, start: '09:00', end: '24:00' },
  ];
  const simple = simpleHoursOf(hours);
  expect(simple).toEqual({ days: ['monday', 'saturday'], start: '09:00', end: '00:00' });
  expect(simple && toIntervals(simple)).toEqual(hours);
});

test('hours that differ from day to day cannot be shown', () => {
  const hours = [
    { day: 'monday' as const, start: '09:00', end: '12:00' },
    { day: 'monday' as const, start: '14:00', end: '18:00' },
  ];
  expect(simpleHoursOf(hours)).toBeNull();
});

test('without open days there are no hours', () => {
  expect(toIntervals({ days: [], start: '', end: '' })).toBeUndefined();
  expect(isValid({ days: [], start: '', end: '' })).toBe(true);
  expect(isValid({ days: ['monday'], start: '09:00', end: '09:00' })).toBe(false);
});
