import { expect, test } from 'vitest';
import { clashes, merged, touched } from './merge';

const BEFORE = { name: 'Greeting', reply: 'Hello', position: '1', schema: { type: 'object' } as object | null };

test('only what both changed, and not to the same, is for the second to decide', () => {
  const mine = { ...BEFORE, name: 'Mine', reply: 'The same', position: '2' };
  const theirs = { ...BEFORE, name: 'Theirs', reply: 'The same', schema: null };
  expect(touched(theirs, BEFORE)).toEqual(['name', 'reply', 'schema']);
  expect(clashes(mine, BEFORE, theirs)).toEqual(['name']);
});

test('what I did not touch is as they left it', () => {
  const mine = { ...BEFORE, name: 'Mine' };
  const theirs = { ...BEFORE, name: 'Theirs', reply: 'Theirs', schema: null };
  expect(merged(mine, BEFORE, theirs)).toEqual({ ...BEFORE, name: 'Mine', reply: 'Theirs', schema: null });
  expect(merged(BEFORE, BEFORE, theirs)).toEqual(theirs);
});
