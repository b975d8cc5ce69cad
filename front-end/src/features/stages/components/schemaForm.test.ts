import { expect, test } from 'vitest';
import { hasUniqueNames, rowsOf, schemaOf, schemaProblemsOf } from './schemaForm';

const SCHEMA = {
  type: 'object',
  properties: {
    order_number: { type: 'string', pattern: '^[A-Z]-[0-9]{5}$', description: 'As printed on the bill' },
    amount: { type: 'integer', 'x-grounded': false },
    reason: { type: 'string', title: 'why', enum: ['broken', 'too late'] },
  },
  required: ['order_number'],
};

test('a flat schema is unchanged by the form', () => {
  const rows = rowsOf(SCHEMA);
  expect(rows?.map((each) => [each.name, each.required])).toEqual([
    ['order_number', true],
    ['amount', false],
    ['reason', false],
  ]);
  expect(schemaOf(rows ?? [])).toEqual(SCHEMA);
});

test('a form without fields has no schema', () => {
  expect(rowsOf(null)).toEqual([]);
  expect(schemaOf([])).toBeNull();
});

test.each([
  ['numeric choices', { type: 'object', properties: { size: { type: 'integer', enum: [1, 2] } } }],
  ['a multi-line choice', { type: 'object', properties: { size: { type: 'string', enum: ['S\nM'] } } }],
  ['a duplicate choice', { type: 'object', properties: { size: { type: 'string', enum: ['S', 'S'] } } }],
  ['no choices', { type: 'object', properties: { size: { type: 'string', enum: [] } } }],
  ['a nested object', { type: 'object', properties: { address: { type: 'object', properties: {} } } }],
  ['two types', { type: 'object', properties: { a: { type: ['string', 'null'] } } }],
  ['a condition', { type: 'object', properties: {}, anyOf: [] }],
  ['no further fields', { type: 'object', properties: {}, additionalProperties: false }],
  ['a required field that is not declared', { type: 'object', properties: {}, required: ['a'] }],
  ['no properties', { type: 'object' }],
])('a schema with %s is edited as JSON', (_, schema) => {
  expect(rowsOf(schema)).toBeNull();
});

test('field names must be present and unique', () => {
  const rows = rowsOf(SCHEMA) ?? [];
  expect(hasUniqueNames(rows)).toBe(true);
  expect(hasUniqueNames(rows.map((each) => ({ ...each, name: ' ' })))).toBe(false);
  expect(hasUniqueNames(rows.map((each) => ({ ...each, name: 'same' })))).toBe(false);
});

test('pattern errors of the API are assigned to their fields', () => {
  const wrong = { path: '$.extraction_schema.properties.order_number.pattern', message: "'((' is not a 'regex'" };
  const quoted = { path: "$.extraction_schema.properties['order number'].pattern", message: "'((' is not a 'regex'" };
  const large = { path: '$.extraction_schema', message: 'A stage can have at most 100 fields.' };
  const other = { path: '$.stage_name', message: 'This field is required.' };
  expect(schemaProblemsOf([wrong, quoted])).toEqual({
    patterns: ['order_number', 'order number'],
    others: [],
  });
  expect(schemaProblemsOf([large, other])).toEqual({ patterns: [], others: [large.message] });
});
