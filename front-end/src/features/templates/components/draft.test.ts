import { expect, test } from 'vitest';
import { changesOf, draftOf, isSame, problemsOf } from './draft';

const ROW = {
  template_name: 'Reply',
  system_prompt: null,
  content: 'Hi {user_name}',
  model_settings: { temperature: 0, model: 'm' },
};

test('a row that nobody touched has no changes, a temperature of 0 included', () => {
  const draft = draftOf(ROW);
  expect(draft.temperature).toBe('0');
  expect(isSame(draft, draftOf(ROW))).toBe(true);
  expect(changesOf(draft, draftOf(ROW))).toEqual({});
});

test('only what differs goes out', () => {
  const before = draftOf(ROW);
  expect(changesOf({ ...before, content: '' }, before)).toEqual({ content: '' });
  expect(changesOf({ ...before, maxTokens: '50', temperature: '' }, before)).toEqual({
    model_settings: { model: 'm', max_tokens: 50 },
  });
});

test('numbers out of range, and no name, are told', () => {
  const draft = { ...draftOf(ROW), name: ' ', temperature: '2.5', maxTokens: '1.5', timeout: 'soon' };
  expect(problemsOf(draft)).toEqual({ name: 'name', temperature: 'number', maxTokens: 'number', timeout: 'number' });
  expect(problemsOf(draftOf(ROW))).toEqual({});
});
