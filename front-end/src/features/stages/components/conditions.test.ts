import { expect, test } from 'vitest';
import { type CollectedField, type Condition, conditionSchemaOf, conditionsOf, problemOf } from './conditions';

const FIELDS: CollectedField[] = [
  { name: 'country', type: 'string', choices: [] },
  { name: 'total', type: 'number', choices: [] },
  { name: 'gift', type: 'boolean', choices: [] },
];

test('conditions become a JSON Schema with values of the right type', () => {
  const rows: Condition[] = [
    { field: 'country', operator: 'one_of', value: 'DE\n AT \nDE' },
    { field: 'total', operator: 'at_least', value: '10' },
    { field: 'total', operator: 'at_most', value: '50.5' },
    { field: 'gift', operator: 'is', value: 'true' },
    { field: 'city', operator: 'known', value: '' },
  ];
  expect(conditionSchemaOf(rows, FIELDS)).toEqual({
    type: 'object',
    properties: { country: { enum: ['DE', 'AT'] }, total: { minimum: 10, maximum: 50.5 }, gift: { const: true } },
    required: ['country', 'total', 'gift', 'city'],
  });
  expect(conditionSchemaOf([], FIELDS)).toBeUndefined();
});

test('a schema written by the form is shown by the form again', () => {
  const rows: Condition[] = [
    { field: 'country', operator: 'is_not', value: 'DE' },
    { field: 'country', operator: 'contains', value: 'A.T (*)' },
    { field: 'total', operator: 'is', value: '5' },
    { field: 'city', operator: 'known', value: '' },
    { field: 'country', operator: 'is_not', value: 'FR' },
  ];
  expect(conditionsOf(conditionSchemaOf(rows, FIELDS), FIELDS)).toEqual(rows);
  expect(conditionsOf(undefined, FIELDS)).toEqual([]);
});

test('a schema written by hand is shown if the form means the same', () => {
  expect(conditionsOf({ required: ['total'], properties: { total: { maximum: 50 } } }, FIELDS)).toEqual([
    { field: 'total', operator: 'at_most', value: '50' },
  ]);
});

test.each([
  { properties: { country: { const: 'DE' } } }, // also satisfied without a country
  { properties: { country: { const: 5 } }, required: ['country'] }, // never satisfied by a text
  { properties: { country: { pattern: '^D' } }, required: ['country'] },
  { properties: { country: { not: { enum: ['DE'] } } }, required: ['country'] },
  { anyOf: [{ required: ['country'] }, { required: ['city'] }] },
  { required: ['country'], minProperties: 2 },
  { properties: { total: { type: 'number', minimum: 5 } }, required: ['total'] },
  { properties: [], required: [] },
  {},
])('a schema that the form cannot show stays JSON: %j', (schema) => {
  expect(conditionsOf(schema, FIELDS)).toBeNull();
});

test('incomplete conditions are reported', () => {
  expect(problemOf({ field: '', operator: 'is', value: 'x' }, FIELDS)).toBe('field');
  expect(problemOf({ field: 'country', operator: 'is', value: ' ' }, FIELDS)).toBe('value');
  expect(problemOf({ field: 'total', operator: 'at_least', value: 'ten' }, FIELDS)).toBe('number');
  expect(problemOf({ field: 'country', operator: 'known', value: '' }, FIELDS)).toBeNull();
});
