import { expect, test } from 'vitest';
import { changesOf, draftOf, isSame, isValidSetting } from './templateDraft';

const ROW = {
  template_name: 'Reply',
  system_prompt: null,
  content: 'Hi {user_name}',
  model_settings: { temperature: 0, model: 'm', history_tokens: 500 },
};

test('an unchanged draft has no changes, even with a temperature of 0', () => {
  const draft = draftOf(ROW);
  expect(draft.temperature).toBe('0');
  expect(isSame(draft, draftOf(ROW))).toBe(true);
  expect(changesOf(draft, draftOf(ROW))).toEqual({});
});

test('only changed fields are sent', () => {
  const before = draftOf(ROW);
  expect(changesOf({ ...before, content: '' }, before)).toEqual({ content: '' });
  expect(changesOf({ ...before, maxTokens: '50', temperature: '' }, before)).toEqual({
    model_settings: { model: 'm', max_tokens: 50, history_tokens: 500 },
  });
});

test('numeric settings must be in their range', () => {
  expect(isValidSetting('temperature', '2.5')).toBe(false);
  expect(isValidSetting('maxTokens', '1.5')).toBe(false);
  expect(isValidSetting('historyTokens', '49')).toBe(false);
  expect(isValidSetting('timeout', 'soon')).toBe(false);
  expect(isValidSetting('temperature', '0')).toBe(true);
  expect(isValidSetting('maxTokens', '50')).toBe(true);
  expect(isValidSetting('timeout', ' ')).toBe(true);
});
