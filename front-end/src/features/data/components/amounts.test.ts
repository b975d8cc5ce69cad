import { expect, test } from 'vitest';
import { isAmount, readAmount } from './amounts';

test('numbers are read with a decimal point or comma', () => {
  expect(['12.50', ' 7 ', '3,25', '', 'many', '1,2,3'].map(readAmount)).toEqual([12.5, 7, 3.25, null, null, null]);
});

test('an amount may be empty, but must be a number', () => {
  expect(['', '1.5', 'x'].map(isAmount('No number'))).toEqual([true, true, 'No number']);
});
