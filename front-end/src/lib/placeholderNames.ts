/** What a template may name in this business: the variables, and the fields that its stages extract. */

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type KnownNames, normalise } from './placeholders';
import { stagesQuery, variablesQuery } from './queries';
import type { Stage, Variable } from './types';

export interface Suggestion {
  name: string;
  description: string;
}

export interface PlaceholderNames {
  known: KnownNames;
  suggestions: readonly Suggestion[];
  /** Until then nothing is called unknown. */
  isLoaded: boolean;
}

export function placeholderNamesOf(
  variables: readonly Variable[],
  stages: readonly Stage[],
): Omit<PlaceholderNames, 'isLoaded'> {
  const known = new Set<string>();
  const suggestions: Suggestion[] = [];
  for (const variable of variables) {
    for (const name of [variable.name, ...variable.aliases]) known.add(normalise(name));
    // `last_N_messages` and `N` stand for any number: what is typed is one of them.
    const name = variable.name === 'last_N_messages' ? 'last_10_messages' : variable.name;
    suggestions.push({ name, description: variable.description });
    for (const field of variable.fields)
      suggestions.push({ name: `${name}.${field}`, description: variable.description });
  }
  const fields = new Map<string, string>();
  for (const stage of stages) {
    for (const field of foundBy(stage)) fields.set(field, stage.stage_name);
    for (const field of extractionFieldsOf(stage)) fields.set(normalise(field), stage.stage_name);
  }
  for (const [name, stage] of fields) if (!known.has(name)) suggestions.push({ name, description: stage });
  return { known: { variables: known, fields: new Set(fields.keys()) }, suggestions };
}

export function extractionFieldsOf(stage: Pick<Stage, 'extraction_schema'>): string[] {
  const properties: unknown = stage.extraction_schema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** What a look-up in the business's own records brings along, as `repositories/` reads it. */
const FOUND = {
  orders: [
    'order_number',
    'status',
    'items',
    'order_total',
    'currency',
    'shipping_address',
    'tracking_number',
    'shipping_carrier',
    'order_date',
  ],
  products: ['product_name', 'description', 'price', 'currency', 'kind', 'sku'],
  customer: ['external_id', 'first_name', 'last_name', 'email', 'phone', 'language', 'timezone', 'metadata'],
} as const satisfies Record<string, readonly string[]>;

function foundBy(stage: Pick<Stage, 'data_retrieval'>): readonly string[] {
  const { method, config } = stage.data_retrieval as { method?: string; config?: { source?: keyof typeof FOUND } };
  return method === 'database_query' && config?.source ? (FOUND[config.source] ?? []) : [];
}

export function usePlaceholderNames(): PlaceholderNames {
  const variables = useQuery(variablesQuery());
  const stages = useQuery(stagesQuery());
  return useMemo(
    () => ({
      ...placeholderNamesOf(variables.data ?? [], stages.data ?? []),
      isLoaded: variables.data !== undefined && stages.data !== undefined,
    }),
    [variables.data, stages.data],
  );
}

/** Those that fit what is typed: by their beginning first, then anywhere in the name. */
export function matchingSuggestions(suggestions: readonly Suggestion[], typed: string, most = 8): Suggestion[] {
  const wanted = normalise(typed);
  const begin = suggestions.filter((each) => each.name.toLowerCase().startsWith(wanted));
  const within = suggestions.filter(
    (each) => !each.name.toLowerCase().startsWith(wanted) && each.name.toLowerCase().includes(wanted),
  );
  // Fields of an object crowd the list until the object is named.
  const all = [...begin, ...within];
  return (wanted ? all : all.filter((each) => !each.name.includes('.'))).slice(0, most);
}
