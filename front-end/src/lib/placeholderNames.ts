/** The names that templates of this business can use: variables, and the fields that its stages extract. */

import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';
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
  /** While false, no name is reported as unknown. */
  isLoaded: boolean;
  /** Whether secrets can be used too. */
  hasSecrets?: boolean;
}

type Collecting = Pick<Stage, 'stage_name' | 'extraction_schema' | 'data_retrieval'>;

/** The stage that is being edited, whose fields are not saved yet. */
export const EditedStage = createContext<Collecting | null>(null);

export function placeholderNamesOf(
  variables: readonly Variable[],
  stages: readonly Collecting[],
): Omit<PlaceholderNames, 'isLoaded'> {
  const known = new Set<string>();
  const suggestions: Suggestion[] = [];
  for (const variable of variables) {
    for (const name of [variable.name, ...variable.aliases]) known.add(normalise(name));
    // The N in `last_N_messages` is any number; suggest a concrete one.
    const name = variable.name === 'last_N_messages' ? 'last_10_messages' : variable.name;
    suggestions.push({ name, description: variable.description });
    for (const field of variable.fields)
      suggestions.push({
        name: `${name}.${field}`,
        description: variable.field_descriptions[field] || variable.description,
      });
  }
  const fields = new Map<string, string>();
  for (const stage of stages) {
    for (const field of recordFieldsOf(stage)) fields.set(field, stage.stage_name);
    for (const field of extractionFieldsOf(stage)) fields.set(normalise(field), stage.stage_name);
  }
  for (const [name, stage] of fields) if (!known.has(name)) suggestions.push({ name, description: stage });
  return { known: { variables: known, fields: new Set(fields.keys()) }, suggestions };
}

export function extractionFieldsOf(stage: Pick<Stage, 'extraction_schema'>): string[] {
  const properties: unknown = stage.extraction_schema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** The fields returned by a lookup in each kind of record; must match `repositories/`. */
const RECORD_FIELDS = {
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

function recordFieldsOf(stage: Pick<Stage, 'data_retrieval'>): readonly string[] {
  const { method, config } = stage.data_retrieval as {
    method?: string;
    config?: { source?: keyof typeof RECORD_FIELDS; fields?: Record<string, string> };
  };
  if (method === 'api_call') return Object.keys(config?.fields ?? {});
  return method === 'database_query' && config?.source ? (RECORD_FIELDS[config.source] ?? []) : [];
}

export function usePlaceholderNames(): PlaceholderNames {
  const variables = useQuery(variablesQuery());
  const stages = useQuery(stagesQuery());
  const edited = useContext(EditedStage);
  return useMemo(
    () => ({
      ...placeholderNamesOf(variables.data ?? [], [...(stages.data ?? []), ...(edited ? [edited] : [])]),
      isLoaded: variables.data !== undefined && stages.data !== undefined,
    }),
    [variables.data, stages.data, edited],
  );
}

/** The names that actions of the edited stage can use: variables, and only fields of this stage. */
export function useActionPlaceholderNames(): PlaceholderNames {
  const variables = useQuery(variablesQuery());
  const edited = useContext(EditedStage);
  return useMemo(() => {
    const { method, config } = (edited?.data_retrieval ?? {}) as { method?: string; config?: { fields?: unknown } };
    // Without a schema, or with all of a response, there may be any field.
    const isOpen = !edited?.extraction_schema || (method === 'api_call' && !config?.fields);
    return {
      ...placeholderNamesOf(variables.data ?? [], edited ? [edited] : []),
      isLoaded: variables.data !== undefined && !isOpen,
    };
  }, [variables.data, edited]);
}

/** The names that no variable and no field of a stage has, of which a custom variable can be created. */
export function creatableNames(names: readonly string[], { known, isLoaded }: PlaceholderNames): string[] {
  if (!isLoaded) return [];
  return [...new Set(names.map(normalise))].filter(
    (name) => !name.includes('.') && !known.variables.has(name) && !known.fields.has(name),
  );
}

/** Suggestions for the typed text: names that start with it first, then names that contain it. */
export function matchingSuggestions(suggestions: readonly Suggestion[], typed: string, max = 8): Suggestion[] {
  const query = normalise(typed);
  const startsWith = suggestions.filter((each) => each.name.toLowerCase().startsWith(query));
  const contains = suggestions.filter(
    (each) => !each.name.toLowerCase().startsWith(query) && each.name.toLowerCase().includes(query),
  );
  // Names such as `user.email` are only suggested after something has been typed.
  const all = [...startsWith, ...contains];
  return (query ? all : all.filter((each) => !each.name.includes('.'))).slice(0, max);
}
