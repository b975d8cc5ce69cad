import { expect, test } from 'vitest';
import { uuidOrNull, isEmpty, isTimestamp, visibleEntries, humanize } from './format';

test('names are turned into words', () => {
  expect(humanize('order_number')).toBe('Order number');
  expect(humanize('timezone')).toBe('Time zone');
  expect(humanize('')).toBe('');
});

test('IDs and empty values are not shown', () => {
  const value = {
    stage_id: '0780498f-5b52-4202-84a7-ee93f749f16f',
    external_id: 'ada',
    say: null,
    missing: [],
    data: { a: [''] },
    count: 0,
    done: false,
  };
  expect(visibleEntries(value)).toEqual([
    ['external_id', 'ada'],
    ['count', 0],
    ['done', false],
  ]);
  expect(isEmpty([null, {}])).toBe(true);
  expect(isEmpty(0)).toBe(false);
});

test('timestamps are recognised', () => {
  expect(isTimestamp('2026-11-21T02:54:25.583664+00:00')).toBe(true);
  for (const text of ['2026-11-21', '2026-11-21T25:00:00', '2026-11-21T19:00:00 to 21:00:00'])
    expect(isTimestamp(text)).toBe(false);
});

test('text that is not a UUID gives null', () => {
  const id = '3F2b6c1e-0000-4000-8000-00000000abcd';
  expect(uuidOrNull(id)).toBe(id);
  for (const part of ['abc', '', `${id}x`, null, undefined]) expect(uuidOrNull(part)).toBeNull();
});
