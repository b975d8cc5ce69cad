import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { PAGE_SIZE, readAll } from '@/lib/queries';
import type { EventSchema } from '@/lib/types';

const LIMIT = 50;

export interface EventFilters {
  user_id?: string | undefined;
  event_type?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** The business's events, newest first. */
export const eventsQuery = (filters: EventFilters) =>
  infiniteQueryOptions({
    queryKey: ['events', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/events', {
        query: { ...filters, order: 'newest', limit: LIMIT, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const eventSchemasQuery = () =>
  queryOptions({
    queryKey: ['event-schemas'],
    queryFn: ({ signal }) =>
      readAll<EventSchema>((cursor) =>
        call('get', '/api/v1/event-property-schemas', { query: { limit: PAGE_SIZE, cursor }, signal }),
      ),
  });

export interface SchemaValues {
  event_type: string;
  description: string | null;
  property_schema: Record<string, unknown>;
}

export function useChangeEventSchemas() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['event-schemas'] });
  return {
    create: useMutation({
      mutationFn: (values: SchemaValues) => call('post', '/api/v1/event-property-schemas', { body: values }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ schemaId, values }: { schemaId: string; values: Omit<SchemaValues, 'event_type'> }) =>
        call('put', '/api/v1/event-property-schemas/{schema_id}', { path: { schema_id: schemaId }, body: values }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (schemaId: string) =>
        call('delete', '/api/v1/event-property-schemas/{schema_id}', { path: { schema_id: schemaId } }),
      onSuccess,
    }),
  };
}
