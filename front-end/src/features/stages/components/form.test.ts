import { expect, test } from 'vitest';
import { NEW_STAGE, changesOf, createOf, problemsOf } from './form';

test('a new stage sends what was filled in and leaves the rest to the server', () => {
  expect(
    createOf({ ...NEW_STAGE, stage_name: ' Returns ', examples: 'One\n\n Two ', confidence_threshold: '0' }),
  ).toEqual({
    stage_name: 'Returns',
    example_messages: ['One', 'Two'],
    confidence_threshold: 0,
  });
});

test('a change sends only what differs, and can empty a member', () => {
  const before = { ...NEW_STAGE, stage_name: 'Returns', fixed_reply: 'Hello', agent_id: 'a', position: '3' };
  expect(changesOf(before, before)).toEqual({});
  expect(changesOf({ ...before, fixed_reply: ' ', agent_id: '' }, before)).toEqual({
    fixed_reply: null,
    agent_id: null,
  });
});

test('what cannot be sent is told', () => {
  expect(problemsOf({ ...NEW_STAGE, confidence_threshold: '1.2', position: '1.5' })).toEqual([
    'name',
    'threshold',
    'position',
  ]);
  expect(problemsOf({ ...NEW_STAGE, stage_name: 'x', confidence_threshold: '0.5', position: '2' })).toEqual([]);
});
