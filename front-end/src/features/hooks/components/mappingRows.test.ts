import { expect, test } from 'vitest';
import recipes from '../recipes.json';
import { emptyRow, toMapping, toRows } from './mappingRows';

test('the mapping of each recipe is the same after editing', () => {
  for (const { mapping } of Object.values(recipes)) expect(toMapping(toRows(mapping))).toEqual(mapping);
});

test('fixed texts and paths with spaces are kept', () => {
  const mapping = [
    { field: 'status', value: 'paid' },
    { field: 'order_number', pointers: ['/Order number', '/id'] },
  ];
  expect(toMapping(toRows(mapping))).toEqual(mapping);
});

test('rows without a field are left out', () => {
  expect(toMapping([emptyRow()])).toEqual([]);
});
