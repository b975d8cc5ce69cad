import { expect, test } from 'vitest';
import { NEW_STAGE, changesOf, createOf, isValidPosition, isValidThreshold } from './stageForm';

test('a new stage sends only the fields that were filled in', () => {
  expect(
    createOf({ ...NEW_STAGE, stage_name: ' Returns ', examples: 'One\n\n Two ', confidence_threshold: '0' }),
  ).toEqual({
    stage_name: 'Returns',
    example_messages: ['One', 'Two'],
    confidence_threshold: 0,
  });
});

test('an update sends only changed fields and can clear them', () => {
  const before = {
    ...NEW_STAGE,
    stage_name: 'Returns',
    fixed_reply: 'Hello',
    agents: [{ agent_id: 'a' }],
    position: '3',
  };
  expect(changesOf(before, before)).toEqual({});
  expect(changesOf({ ...before, fixed_reply: ' ', agents: [] }, before)).toEqual({
    fixed_reply: null,
    agents: [],
  });
});

test('threshold and position must be numbers in their range', () => {
  expect(isValidThreshold('1.2')).toBe(false);
  expect(isValidThreshold('0.5')).toBe(true);
  expect(isValidThreshold('')).toBe(true);
  expect(isValidPosition('1.5')).toBe(false);
  expect(isValidPosition('-1')).toBe(false);
  expect(isValidPosition('2')).toBe(true);
});
