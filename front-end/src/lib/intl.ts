/** Formats numbers, amounts, durations and lists as the language of the user does. */

import { direction, locale } from '@/config/language';
import { isolated } from './format';

// Creating a formatter is expensive, so they are created once.
const numbers = new Intl.NumberFormat(locale);
const percents = new Intl.NumberFormat(locale, { style: 'percent' });
const lists = new Intl.ListFormat(locale, { type: 'unit', style: 'short' });
const conjunctions = new Intl.ListFormat(locale, { type: 'conjunction' });

export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** A number with exactly `digits` digits after the decimal separator. */
export function formatDecimals(value: number, digits: number): string {
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A share from 0 to 1. */
export function formatPercent(share: number): string {
  return percents.format(share);
}

/** The number, or for example “99+” if it is greater than `max`. */
export function formatUpTo(max: number, value: number): string {
  return value > max ? `${numbers.format(max)}+` : numbers.format(value);
}

/** Several names or values: “A, B, C”. */
export function formatList(items: Iterable<string>): string {
  return lists.format(items);
}

/** People or things that do something together: “A, B and C”. */
export function formatConjunction(items: Iterable<string>): string {
  return conjunctions.format(items);
}

export function formatDuration(milliseconds: number): string {
  const isShort = milliseconds < 1000;
  return (isShort ? milliseconds : milliseconds / 1000).toLocaleString(locale, {
    style: 'unit',
    unit: isShort ? 'millisecond' : 'second',
    unitDisplay: isShort ? 'short' : 'narrow',
    ...(isShort || milliseconds >= 10_000
      ? { maximumFractionDigits: 0 }
      : { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  });
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return value.toLocaleString(locale, {
    style: 'unit',
    unit: UNITS[power]!,
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: power && value < 10 ? 1 : 0,
  });
}

/** An amount in a currency, which the browser may not know. */
export function formatMoney(amount: number, currency: string | null): string {
  if (!currency) return numbers.format(amount);
  try {
    return formatCurrency(amount, { currency });
  } catch {
    return `${numbers.format(amount)} ${currency}`;
  }
}

/** The cost of model calls, which may be a small part of a cent. */
export function formatDollars(amount: number): string {
  const digits = amount === 0 ? 0 : amount < 0.01 ? 5 : 2;
  return formatCurrency(amount, {
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function formatCurrency(amount: number, options: Intl.NumberFormatOptions): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', ...options });
  if (direction === 'ltr') return format.format(amount);
  // Otherwise “US$” would be shown as “$US”.
  return format
    .formatToParts(amount)
    .map(({ type, value }) => (type === 'currency' ? isolated(value) : value))
    .join('');
}

const signedPercents = new Intl.NumberFormat(locale, { style: 'percent', signDisplay: 'exceptZero' });
const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const compactNumbers = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });

/** A change as a share from -1 on: “+12 %”. */
export function formatChange(share: number): string {
  return signedPercents.format(share);
}

/** A share from 0 to 1 with at most one decimal digit. */
export function formatShare(share: number): string {
  return shares.format(share);
}

/** A number in little space: “12K”. */
export function formatCompact(value: number): string {
  return compactNumbers.format(value);
}

/** A time that people wait, from seconds to days. */
export function formatSpan(seconds: number): string {
  const [unit, size] =
    seconds < 60
      ? (['second', 1] as const)
      : seconds < 3600
        ? (['minute', 60] as const)
        : seconds < 48 * 3600
          ? (['hour', 3600] as const)
          : (['day', 24 * 3600] as const);
  const value = seconds / size;
  return value.toLocaleString(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  });
}
