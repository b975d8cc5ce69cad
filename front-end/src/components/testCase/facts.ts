/** Fields of customers and their values, as the form of a test case edits them. */

import { isObject } from '@/lib/format';
import type { Stage } from '@/lib/types';
import type { Pair } from './PairRows';

export type Facts = Readonly<Record<string, unknown>>;

/** The JSON types of the fields that the stages extract, by name. */
export function fieldTypesOf(stages: readonly Stage[]): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const { extraction_schema: schema } of stages) {
    const properties = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {};
    for (const [name, field] of Object.entries(properties))
      types.set(name, isObject(field) && typeof field['type'] === 'string' ? field['type'] : 'string');
  }
  return types;
}

export function pairsOf(facts: Facts): Pair[] {
  return Object.entries(facts).map(([name, value]) => ({ name, text: textOf(value) }));
}

/** The values that the pairs mean. One whose text is as before keeps its value; a blank one is null: not known. */
export function factsOf(pairs: readonly Pair[], before: Facts, types: ReadonlyMap<string, string>): Facts {
  const named = pairs.filter(({ name }) => name.trim());
  return Object.fromEntries(
    named.map(({ name: typed, text }) => {
      const name = typed.trim();
      const isSame = Object.hasOwn(before, name) && textOf(before[name]) === text;
      return [name, isSame ? before[name] : valueOf(text.trim(), types.get(name) ?? 'string')];
    }),
  );
}

function textOf(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function valueOf(text: string, type: string): unknown {
  if (!text) return null;
  if (type === 'string') return text;
  try {
    return JSON.parse(text) as unknown; // a number, true, false, or a list
  } catch {
    return text;
  }
}
