/** Converts the condition of an action (a JSON Schema over the collected data) to form rows and back. */

import type { FieldType } from './schemaForm';

export const OPERATORS = ['is', 'is_not', 'one_of', 'contains', 'at_least', 'at_most', 'known'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  field: string;
  operator: Operator;
  /** As written in the form. For `one_of`, one value per line; for `known`, empty. */
  value: string;
}

/** A field that the stage collects. */
export interface CollectedField {
  name: string;
  type: FieldType;
  /** The allowed values; empty allows any. */
  choices: readonly string[];
}

type Schema = Record<string, unknown>;

/** The operators that make sense for a type. */
export function operatorsOf(type: FieldType): readonly Operator[] {
  if (type === 'boolean') return ['is', 'known'];
  if (type === 'string') return ['is', 'is_not', 'one_of', 'contains', 'known'];
  return ['is', 'is_not', 'at_least', 'at_most', 'known'];
}

/** Why a condition cannot be saved; null if it can. */
export function problemOf(
  condition: Condition,
  fields: readonly CollectedField[],
): 'field' | 'value' | 'number' | null {
  if (!condition.field) return 'field';
  if (condition.operator === 'known') return null;
  if (!condition.value.trim()) return 'value';
  const isNumber = typeOf(condition.field, fields) !== 'string' && typeOf(condition.field, fields) !== 'boolean';
  return isNumber && Number.isNaN(Number(condition.value)) ? 'number' : null;
}

/** The schema that all conditions satisfy; undefined if there are none. */
export function conditionSchemaOf(
  conditions: readonly Condition[],
  fields: readonly CollectedField[],
): Schema | undefined {
  if (!conditions.length) return undefined;
  const properties: Record<string, Schema> = {};
  const required = new Set<string>();
  const others: Condition[] = []; // a second condition of the same kind on the same field
  for (const each of conditions) {
    required.add(each.field);
    const constraint = constraintOf(each, typeOf(each.field, fields));
    if (!constraint) continue;
    const before = properties[each.field];
    if (before && Object.keys(constraint).some((keyword) => keyword in before)) others.push(each);
    else properties[each.field] = { ...before, ...constraint };
  }
  return {
    type: 'object',
    ...(Object.keys(properties).length ? { properties } : {}),
    required: [...required],
    ...(others.length ? { allOf: [conditionSchemaOf(others, fields)] } : {}),
  };
}

/** The form rows of a schema, or null if the form cannot show everything in it and would change its meaning. */
export function conditionsOf(schema: Schema | undefined, fields: readonly CollectedField[]): Condition[] | null {
  if (schema === undefined) return [];
  const rows = rowsOf(schema);
  return rows && canonical(conditionSchemaOf(rows, fields)) === canonical(schema) ? rows : null;
}

function rowsOf(schema: Schema): Condition[] | null {
  const { properties = {}, required = [], allOf = [] } = schema;
  if (!isObject(properties) || !Array.isArray(required) || !Array.isArray(allOf)) return null;
  const rows: Condition[] = [];
  for (const [field, constraint] of Object.entries(properties)) {
    if (!isObject(constraint)) return null;
    for (const [keyword, value] of Object.entries(constraint)) {
      const row = rowOf(field, keyword, value);
      if (!row) return null;
      rows.push(row);
    }
  }
  for (const field of required)
    if (typeof field === 'string' && !(field in properties)) rows.push({ field, operator: 'known', value: '' });
  for (const each of allOf) {
    const more = isObject(each) ? rowsOf(each) : null;
    if (!more) return null;
    rows.push(...more);
  }
  return rows;
}

function rowOf(field: string, keyword: string, value: unknown): Condition | null {
  if (keyword === 'const') return { field, operator: 'is', value: String(value) };
  if (keyword === 'minimum') return { field, operator: 'at_least', value: String(value) };
  if (keyword === 'maximum') return { field, operator: 'at_most', value: String(value) };
  if (keyword === 'pattern') return { field, operator: 'contains', value: String(value).replaceAll(/\\(\W)/g, '$1') };
  if (keyword === 'enum' && Array.isArray(value)) return { field, operator: 'one_of', value: value.join('\n') };
  if (keyword === 'not' && isObject(value)) return { field, operator: 'is_not', value: String(value['const']) };
  return null;
}

function constraintOf({ operator, value }: Condition, type: FieldType): Schema | null {
  switch (operator) {
    case 'is':
      return { const: valueOf(value, type) };
    case 'is_not':
      return { not: { const: valueOf(value, type) } };
    case 'one_of':
      return { enum: linesOf(value) };
    case 'contains':
      return { pattern: value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`) };
    case 'at_least':
      return { minimum: Number(value) };
    case 'at_most':
      return { maximum: Number(value) };
    case 'known':
      return null;
  }
}

function valueOf(text: string, type: FieldType): unknown {
  if (type === 'boolean') return text === 'true';
  return type === 'string' ? text : Number(text);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines)].filter(Boolean);
}

function typeOf(field: string, fields: readonly CollectedField[]): FieldType {
  return fields.find((each) => each.name === field)?.type ?? 'string';
}

/** A text that is equal for schemas with the same meaning: the order of names does not matter, nor `type: object`. */
function canonical(schema: unknown): string {
  return JSON.stringify(schema, (name, value: unknown) => {
    if (name === 'required' && Array.isArray(value)) return value.toSorted();
    if (!isObject(value)) return value;
    const { type, ...rest } = value;
    const kept = type === undefined || type === 'object' ? rest : value;
    return Object.fromEntries(Object.entries(kept).toSorted(([a], [b]) => a.localeCompare(b)));
  });
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
