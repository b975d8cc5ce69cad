import { expect, test } from 'vitest';
import { fieldsOf, filledSettings, linesOf, missingFields } from './settingsSchema';

const SCHEMA = {
  properties: {
    host: { type: 'string', title: 'Server', description: 'Of the mailbox.' },
    port: { type: 'integer', default: 993 },
    security: { type: 'string', enum: ['tls', 'starttls'] },
    color: { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' },
    origins: { type: 'array', items: { type: 'string' } },
    greeting: { type: 'object', additionalProperties: { type: 'string', maxLength: 60 } },
    starters: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
    active: { type: 'boolean' },
    rules: { type: 'array', items: { type: 'object' } },
  },
  required: ['host'],
};

test('each property has a field of its type', () => {
  const fields = fieldsOf(SCHEMA);
  expect(fields.map((each) => each.type)).toEqual([
    'text',
    'number',
    'choice',
    'colour',
    'lines',
    'texts',
    'linesPerLanguage',
    'yesNo',
    'json',
  ]);
  expect(fields[0]).toMatchObject({ title: 'Server', hint: 'Of the mailbox.', isRequired: true });
  expect(fields[5]?.maxLength).toBe(60);
});

test('empty fields are left out, and required ones are missing', () => {
  expect(filledSettings({ host: ' a ', port: 0, origins: [], greeting: { de: '', en: 'Hi' }, active: false })).toEqual({
    host: 'a',
    port: 0,
    greeting: { en: 'Hi' },
    active: false,
  });
  expect(missingFields(fieldsOf(SCHEMA), { host: ' ' })).toEqual(['host']);
  expect(linesOf(' a \n\nb')).toEqual(['a', 'b']);
});
