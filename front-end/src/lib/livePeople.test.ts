import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { People } from './livePeople';

const ANNA = { user_id: 'a', name: 'Anna' };
const BO = { user_id: 'b', name: 'Bo' };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a colleague has at most one conversation open, and can close it', () => {
  const people = new People();
  people.receive([
    { type: 'presence', conversation_id: '1', ...ANNA },
    { type: 'presence', conversation_id: '1', ...BO },
  ]);
  expect(people.presentIn('1')).toEqual([ANNA, BO]);
  people.receive([{ type: 'presence', conversation_id: '2', ...ANNA }]);
  expect([people.presentIn('1'), people.presentIn('2')]).toEqual([[BO], [ANNA]]);
  people.receive([{ type: 'presence', conversation_id: null, ...ANNA }]);
  expect(people.presentIn('2')).toEqual([]);
});

test('the signed-in user is not shown to themselves', () => {
  const people = new People();
  people.receive([
    { type: 'hello', user_id: 'a' },
    { type: 'presence', conversation_id: '1', ...ANNA },
    { type: 'typing', conversation_id: '1', ...ANNA },
  ]);
  expect(people.presentIn('1')).toEqual([]);
  expect(people.typingIn('1')).toEqual([]);
});

test('typing ends some seconds after the last frame', () => {
  const people = new People();
  const changed = vi.fn();
  people.subscribe(changed);
  people.receive([{ type: 'typing', conversation_id: '1', ...ANNA }]);
  vi.advanceTimersByTime(5000);
  people.receive([{ type: 'typing', conversation_id: '1', ...ANNA }]);
  vi.advanceTimersByTime(5000);
  expect(people.typingIn('1')).toEqual([ANNA]);
  vi.advanceTimersByTime(1000);
  expect(people.typingIn('1')).toEqual([]);
  expect(changed).toHaveBeenCalledTimes(3);
});
