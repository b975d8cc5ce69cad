/** The actions of a stage as the form edits them. */

import type { Stage } from '@/lib/types';
import type { CollectedField } from './conditions';
import { hasOnly, isCallForm, isText, isTextMap } from './retrievalForm';
import { rowsOf } from './schemaForm';
import { fieldName } from '@/lib/fieldNames';
import { isObject } from '@/lib/format';

export interface Action {
  do: string;
  name?: string;
  when?: { fields?: string[]; if?: Record<string, unknown> };
  with?: Record<string, unknown>;
  confirm?: string;
  on_failure?: string;
}

export const KINDS = [
  'update_order',
  'update_customer',
  'api_call',
  'create_event',
  'set_field',
  'tag',
  'hand_over',
  'complete',
] as const;
export type Kind = (typeof KINDS)[number];

/** The fields that actions can change, if the settings of the business permit it. */
export const COLUMNS = {
  update_order: [
    'shipping_address',
    'billing_address',
    'status',
    'payment_method',
    'tracking_number',
    'shipping_carrier',
  ],
  update_customer: ['first_name', 'last_name', 'email', 'phone', 'language', 'timezone'],
} as const satisfies Partial<Record<Kind, readonly string[]>>;

/** The values of a new action. The first permitted field is taken. */
export function firstValuesOf(kind: Kind, permitted: readonly string[]): Action['with'] {
  const change = (field: string) => ({ [field]: `{${field}}` });
  switch (kind) {
    case 'update_order':
      return { order_number: '{order_number}', ...change(permitted[0] ?? COLUMNS.update_order[0]) };
    case 'update_customer':
      return change(permitted[0] ?? 'phone');
    case 'api_call':
      return { method: 'POST', url: '' };
    case 'create_event':
      return { event_type: '' };
    case 'set_field':
      return {};
    case 'tag':
      return { add: [] };
    case 'hand_over':
    case 'complete':
      return undefined;
  }
}

/** The action with another kind. What does not depend on the kind is kept. */
export function withKind(action: Action, kind: Kind, permitted: readonly string[]): Action {
  const { with: _, ...rest } = action;
  const values = firstValuesOf(kind, permitted);
  return { ...rest, do: kind, ...(values ? { with: values } : {}) };
}

/** The action with one part changed; an empty part is left out. */
export function withPart<Name extends Exclude<keyof Action, 'do'>>(
  action: Action,
  name: Name,
  part: Action[Name],
): Action {
  const { [name]: _, ...rest } = action;
  const isEmpty = part === undefined || part === '' || (isObject(part) && !Object.keys(part).length && name !== 'with');
  return (isEmpty ? rest : { ...rest, [name]: part }) as Action;
}

export function isActionList(value: unknown): value is Action[] {
  return Array.isArray(value) && value.every((each) => isObject(each) && isText(each['do']));
}

/** Whether the form can show the action completely. A condition that it cannot show is JSON within the form. */
export function isActionForm(action: Action): boolean {
  const { when = {}, with: values = {} } = action;
  return (
    KINDS.some((kind) => kind === action.do) &&
    hasOnly(action as unknown as Record<string, unknown>, {
      do: isText,
      name: isText,
      when: isObject,
      with: isObject,
      confirm: isText,
      on_failure: (each) => each === 'continue' || each === 'hand_over',
    }) &&
    hasOnly(when, { fields: isTextList, if: isObject }) &&
    isForm(action.do as Kind, values)
  );
}

function isForm(kind: Kind, values: Record<string, unknown>): boolean {
  switch (kind) {
    case 'update_order':
      return isTextMap(values) && hasOnly(values, fields(['order_number', ...COLUMNS.update_order]));
    case 'update_customer':
      return isTextMap(values) && hasOnly(values, fields(COLUMNS.update_customer));
    case 'api_call':
      return isCallForm(values) && !('ask' in values) && !('not_found' in values);
    case 'create_event':
      return hasOnly(values, { event_type: isText, properties: isObject });
    case 'set_field':
      return isTextMap(values);
    case 'tag':
      return hasOnly(values, { add: isTextList, remove: isTextList });
    case 'hand_over':
    case 'complete':
      return hasOnly(values, {});
  }
}

function fields(names: readonly string[]): Record<string, typeof isText> {
  return Object.fromEntries(names.map((name) => [name, isText]));
}

/** Texts that a field with one line per text can show. */
function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => isText(each) && each.trim() === each && !each.includes('\n'));
}

/** The fields that a stage collects, with their types. */
export function collectedFieldsOf(schema: Stage['extraction_schema']): CollectedField[] {
  const rows = rowsOf(schema);
  if (rows) {
    return rows
      .filter((row) => row.name.trim())
      .map((row) => ({ name: row.name.trim(), type: row.type, choices: row.choices.split('\n').filter(Boolean) }));
  }
  const properties = schema?.['properties'];
  return isObject(properties) ? Object.keys(properties).map((name) => ({ name, type: 'string', choices: [] })) : [];
}

export interface Problem {
  path: string;
  message: string;
}

/** The server's errors for a part of the stage, with paths below it. */
export function problemsBelow(details: readonly Problem[], root: string): Problem[] {
  return details
    .filter(({ path }) => path === root || path.startsWith(`${root}.`) || path.startsWith(`${root}[`))
    .map(({ path, message }) => ({ path: path.slice(root.length), message }));
}

/** The server's errors by the index of their action; those of the whole list have the index -1. */
export function actionProblemsOf(details: readonly Problem[]): Map<number, Problem[]> {
  const found = new Map<number, Problem[]>();
  for (const { path, message } of problemsBelow(details, '$.actions')) {
    const [, index, rest] = /^\[(\d+)\](.*)$/s.exec(path) ?? [];
    const key = index === undefined ? -1 : Number(index);
    found.set(key, [...(found.get(key) ?? []), { path: rest ?? path, message }]);
  }
  return found;
}

/** An error in words: `.with.shipping_address` becomes “Shipping address”. */
export function problemText({ path, message }: Problem): string {
  const names = [...path.matchAll(/\.([^.[\]]+)|\['(.+?)'\]|\[(\d+)\]/g)]
    .map(([, plain, quoted, index]) => plain ?? quoted ?? `${Number(index) + 1}`)
    .filter((name, at) => !(at === 0 && (name === 'with' || name === 'config')));
  return names.length
    ? `${names.map((name) => (name === 'url' ? 'URL' : fieldName(name))).join(' › ')}: ${message}`
    : message;
}
