import { expect, test } from 'vitest';
import { parseFacts } from './parseFacts';

test('each line is a name and a value, which may contain colons', () => {
  expect(parseFacts(' order number : A-1 \n\nopens: 10:30\n')).toEqual({ 'order number': 'A-1', opens: '10:30' });
  expect(parseFacts('')).toEqual({});
});

test.each(['A-1', ': A-1', 'order:', ' : '])('%j is not a fact', (text) => {
  expect(parseFacts(text)).toBeNull();
});
