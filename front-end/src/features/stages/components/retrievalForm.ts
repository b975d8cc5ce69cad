/** Whether the form can show a stage's look-up completely. Otherwise it is edited as JSON. */

import type { ApiCall, DataRetrieval } from '@/lib/types';
import { isObject } from '@/lib/format';

/** The fields by which each kind of record can be searched. The customer needs no search. */
export const SEARCH_FIELDS = {
  orders: ['order_number', 'status', 'tracking_number'],
  products: ['product_name', 'sku'],
  customer: [],
} as const satisfies Record<string, readonly string[]>;

export const METHODS = ['none', 'prompt_user', 'database_query', 'api_call'] as const;
export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

type Config = Record<string, unknown>;

export function isRetrievalForm(value: unknown): value is DataRetrieval {
  if (!isObject(value)) return false;
  const { method, config = {}, ...rest } = value;
  if (Object.keys(rest).length || !isObject(config)) return false;
  if (method === 'none') return hasOnly(config, {});
  if (method === 'prompt_user') return hasOnly(config, { prompt: isText });
  if (method === 'api_call') return isCallForm(config);
  return method === 'database_query' && isQueryForm(config);
}

/** The call can be shown in the form. Its body may be any JSON object. */
export function isCallForm(config: Config): config is Config & ApiCall {
  return (
    HTTP_METHODS.some((each) => each === config['method']) &&
    isText(config['url']) &&
    hasOnly(config, {
      method: isText,
      url: isText,
      headers: isTextMap,
      query: isTextMap,
      body: isObject,
      result: isText,
      fields: isTextMap,
      ask: isText,
      not_found: isText,
    })
  );
}

function isQueryForm(config: Config): boolean {
  const source = (Object.keys(SEARCH_FIELDS) as (keyof typeof SEARCH_FIELDS)[]).find(
    (each) => each === config['source'],
  );
  if (!source || !hasOnly(config, { source: isText, match: isTextMap, ask: isText, not_found: isText })) return false;
  const fields: readonly string[] = SEARCH_FIELDS[source];
  return Object.keys((config['match'] ?? {}) as Config).every((each) => fields.includes(each));
}

/** Whether the object has no other fields than these, each with a value of its type. */
export function hasOnly(object: Config, fields: Record<string, (value: unknown) => boolean>): boolean {
  return Object.entries(object).every(([name, value]) => Object.hasOwn(fields, name) && fields[name]?.(value));
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Whether the value is an object of texts. */
export function isTextMap(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every(isText);
}
