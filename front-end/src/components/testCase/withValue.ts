import type { TestCaseCreate } from '@/lib/types';

export type Turn = TestCaseCreate['turns'][number];
export type Expectations = NonNullable<Turn['expect']>;

/** A copy of the values with another value of a field. A blank field is left out. */
export function withValue<Values extends object, Name extends keyof Values>(
  values: Values,
  name: Name,
  value: Values[Name] | '' | undefined,
): Values {
  const { [name]: _, ...others } = values;
  return (value === undefined || value === '' ? others : { ...others, [name]: value }) as Values;
}
