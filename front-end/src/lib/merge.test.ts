import { expect, test } from 'vitest';
import { conflictingFields, mergeChanges, changedFields } from './merge';

const BEFORE = { name: 'Greeting', reply: 'Hello', position: '1', schema: { type: 'object' } as object | null };

test('only fields changed to different values conflict', () => {
  const mine = { ...BEFORE, name: 'Mine', reply: 'The same', position: '2' };
  const theirs = { ...BEFORE, name: 'Theirs', reply: 'The same', schema: null };
  expect(changedFields(theirs, BEFORE)).toEqual(['name', 'reply', 'schema']);
  expect(conflictingFields(mine, BEFORE, theirs)).toEqual(['name']);
});

test('unchanged fields take the value of the other version', () => {
  const mine = { ...BEFORE, name: 'Mine' };
  const theirs = { ...BEFORE, name: 'Theirs', reply: 'Theirs', schema: null };
  expect(mergeChanges(mine, BEFORE, theirs)).toEqual({ ...BEFORE, name: 'Mine', reply: 'Theirs', schema: null });
  expect(mergeChanges(BEFORE, BEFORE, theirs)).toEqual(theirs);
});
