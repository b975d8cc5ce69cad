/* oxlint-disable unicorn/no-thenable -- the API calls it so, and nothing awaits the objects */

import { expect, test } from 'vitest';
import { arePricesValid, budgetChanges, budgetOf, isBudgetValid, priceChanges, pricesOf } from './budgetForm';

test('a budget without limits is removed', () => {
  expect(budgetChanges(budgetOf({}))).toEqual({ budget: undefined });
});

test('a budget is saved as it was', () => {
  const budget = { per_day: 5, then: 'cheaper_model', cheaper_model: 'gpt-4.1-nano', cheaper_percent: 10 } as const;
  expect(budgetChanges(budgetOf({ budget }))).toEqual({ budget });
});

test('the cheaper model is needed only if it answers', () => {
  const values = { ...budgetOf({}), per_day: '5' };
  expect(isBudgetValid(values)).toBe(true);
  expect(isBudgetValid({ ...values, choice: 'cheaper_model' })).toBe(false);
  expect(budgetChanges({ ...values, cheaperModel: 'x', choice: 'person' })).toEqual({
    budget: { per_day: 5, then: 'person' },
  });
});

test('limits are amounts of at least a cent', () => {
  expect(isBudgetValid({ ...budgetOf({}), per_day: '0' })).toBe(false);
  expect(isBudgetValid({ ...budgetOf({}), per_day: 'much' })).toBe(false);
});

test('prices are saved as they were', () => {
  const prices = { llama: { prompt: 0, completion: 0.5 }, other: { prompt: 1, completion: 2, cached_prompt: 0.1 } };
  expect(priceChanges(pricesOf({ prices }))).toEqual({ prices });
  expect(priceChanges([])).toEqual({ prices: undefined });
});

test('each model has one complete price', () => {
  const row = { model: 'llama', prompt: '1', cached_prompt: '', completion: '2' };
  expect(arePricesValid([row])).toBe(true);
  expect(arePricesValid([row, { ...row, model: ' llama ' }])).toBe(false);
  expect(arePricesValid([{ ...row, completion: '' }])).toBe(false);
  expect(arePricesValid([{ ...row, model: ' ' }])).toBe(false);
});
