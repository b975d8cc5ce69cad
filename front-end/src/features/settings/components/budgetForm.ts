/** The forms of the budget and of prices, and their conversion to settings. */

import type { SettingChanges, Settings } from '../api/settings';
import { isNumberIn, numberOf, textOf } from './NumberField';

export const LIMITS = ['per_day', 'per_month', 'per_customer_day'] as const;
export const CHOICES = ['cheaper_model', 'fixed_reply', 'person'] as const;
export const AMOUNT = { min: 0.01, max: 10_000_000 };
export const PERCENT = { min: 1, max: 1000, isInteger: true };
export const PRICE = { min: 0, max: 100_000 };

export type Choice = (typeof CHOICES)[number];

export interface BudgetValues {
  per_day: string;
  per_month: string;
  per_customer_day: string;
  choice: Choice;
  cheaperModel: string;
  cheaperPercent: string;
}

export function budgetOf({ budget }: Settings): BudgetValues {
  return {
    per_day: textOf(budget?.per_day),
    per_month: textOf(budget?.per_month),
    per_customer_day: textOf(budget?.per_customer_day),
    choice: budget?.then ?? 'fixed_reply',
    cheaperModel: budget?.cheaper_model ?? '',
    cheaperPercent: textOf(budget?.cheaper_percent),
  };
}

export function isBudgetValid(values: BudgetValues): boolean {
  return (
    LIMITS.every((name) => isNumberIn(values[name], AMOUNT)) &&
    isNumberIn(values.cheaperPercent, PERCENT) &&
    (values.choice !== 'cheaper_model' || values.cheaperModel.trim() !== '')
  );
}

/** Without a limit there is no budget. */
export function budgetChanges(values: BudgetValues): SettingChanges {
  const limits = Object.fromEntries(
    LIMITS.map((name) => [name, numberOf(values[name])] as const).filter(([, amount]) => amount !== undefined),
  );
  if (Object.keys(limits).length === 0) return { budget: undefined };
  const model = values.cheaperModel.trim();
  const percent = numberOf(values.cheaperPercent);
  return {
    budget: {
      ...limits,
      // oxlint-disable-next-line unicorn/no-thenable -- the API calls it so, and nothing awaits the object
      then: values.choice,
      ...(values.choice === 'cheaper_model' ? { cheaper_model: model } : {}),
      ...(values.choice === 'cheaper_model' && percent !== undefined ? { cheaper_percent: percent } : {}),
    },
  };
}

export interface PriceRow {
  model: string;
  prompt: string;
  cached_prompt: string;
  completion: string;
}

export const NEW_PRICE: PriceRow = { model: '', prompt: '', cached_prompt: '', completion: '' };

export function pricesOf({ prices }: Settings): PriceRow[] {
  return Object.entries(prices ?? {}).map(([model, price]) => ({
    model,
    prompt: textOf(price.prompt),
    cached_prompt: textOf(price.cached_prompt),
    completion: textOf(price.completion),
  }));
}

export function arePricesValid(rows: readonly PriceRow[]): boolean {
  const names = rows.map((row) => row.model.trim());
  return (
    names.every(Boolean) &&
    new Set(names).size === names.length &&
    rows.every((row) => [row.prompt, row.completion].every((text) => text.trim() !== '' && isNumberIn(text, PRICE))) &&
    rows.every((row) => isNumberIn(row.cached_prompt, PRICE))
  );
}

export function priceChanges(rows: readonly PriceRow[]): SettingChanges {
  if (rows.length === 0) return { prices: undefined };
  return {
    prices: Object.fromEntries(
      rows.map((row) => {
        const cached = numberOf(row.cached_prompt);
        return [
          row.model.trim(),
          {
            prompt: Number(row.prompt),
            completion: Number(row.completion),
            ...(cached === undefined ? {} : { cached_prompt: cached }),
          },
        ];
      }),
    ),
  };
}
