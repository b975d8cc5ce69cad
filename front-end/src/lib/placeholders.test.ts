import { expect, test } from 'vitest';
import { completePlaceholder, findPlaceholders, placeholderKind, placeholderBeingTyped } from './placeholders';

const KNOWN = { variables: new Set(['user_name', 'user', 'stage_list']), fields: new Set(['order_number']) };

function names(text: string): [string, string | null][] {
  return findPlaceholders(text).map((each) => [each.name, each.fallback]);
}

// Same cases as for message_processing/templates/braces.py: the editor must highlight exactly what a turn will replace.
test.each([
  ['Hello {user_name}', [['user_name', null]]],
  ['{{ User_Name }}', [['user_name', null]]],
  ['{stage  list}', [['stage_list', null]]],
  ['{user.first_name|friend}', [['user.first_name', 'friend']]],
  ['{user_message|}', [['user_message', '']]],
  [String.raw`\{user_name}`, []],
  ['{"a": {user_name}}', [['user_name', null]]],
  ['{"a": 1}', []],
  [String.raw`\d{5}`, []],
  ['{ }', []],
  ['{{{user_name}}}', [['user_name', null]]],
  ['{user_name', []],
])('%s', (text, expected) => {
  expect(names(text)).toEqual(expected);
});

test('placeholders are classified by their name', () => {
  const kinds = findPlaceholders('{user_name} {user.x} {last_7_messages} {order_number} {colour} {some prose}').map(
    (each) => placeholderKind(each, KNOWN),
  );
  expect(kinds).toEqual(['variable', 'variable', 'variable', 'field', 'unknown', 'text']);
});

test('the name being typed after a brace is found', () => {
  expect(placeholderBeingTyped('Hi {us', 6)).toEqual({ start: 4, typed: 'us' });
  expect(placeholderBeingTyped('Hi {', 4)).toEqual({ start: 4, typed: '' });
  expect(placeholderBeingTyped('Hi {{ us', 8)).toEqual({ start: 6, typed: 'us' });
  expect(placeholderBeingTyped('{user.fi', 8)).toEqual({ start: 1, typed: 'user.fi' });
  expect(placeholderBeingTyped(String.raw`\{us`, 4)).toBeNull();
  expect(placeholderBeingTyped('{"us', 4)).toBeNull();
  expect(placeholderBeingTyped('{user_name} and', 15)).toBeNull();
  expect(placeholderBeingTyped('plain', 5)).toBeNull();
});

test('completing a name closes its braces exactly once', () => {
  const completed = (text: string, caret: number, start: number) => {
    const { end, insert, ...from } = completePlaceholder(text, caret, { start }, 'user_name');
    return text.slice(0, from.start) + insert + text.slice(end);
  };
  expect(completed('Hi {us', 6, 4)).toBe('Hi {user_name}');
  expect(completed('Hi {us}!', 6, 4)).toBe('Hi {user_name}!');
  expect(completed('Hi {us_old}!', 6, 4)).toBe('Hi {user_name}!');
  expect(completed('{{us', 4, 2)).toBe('{{user_name}}');
  expect(completed('{us, you', 3, 1)).toBe('{user_name}, you');
});
