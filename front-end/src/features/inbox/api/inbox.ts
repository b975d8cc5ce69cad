/** The queries of the inbox. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { readAll } from '@/lib/queries';
import { type InboxFilters, listParameters } from './filters';

const PAGE_SIZE = 40;

export const inboxQuery = (filters: InboxFilters) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'inbox', filters],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/conversations', {
        query: { ...listParameters(filters), limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // While a filter changes, the list that is shown stays until the next one is there.
    placeholderData: (last) => last,
  });

export const takeoversQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['conversation', conversationId, 'takeovers'],
    queryFn: ({ signal }) =>
      readAll((cursor) =>
        call('get', '/api/v1/conversations/{conversation_id}/takeovers', {
          path: { conversation_id: conversationId },
          query: { limit: 200, cursor },
          signal,
        }),
      ),
  });

/** The messages of the assistant that wait for the end of the customer's quiet hours. */
export const scheduledMessagesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['conversation', conversationId, 'scheduled'],
    queryFn: ({ signal }) =>
      readAll((cursor) =>
        call('get', '/api/v1/conversations/{conversation_id}/scheduled-messages', {
          path: { conversation_id: conversationId },
          query: { limit: 200, cursor },
          signal,
        }),
      ),
  });

export const ordersQuery = (userId: string) =>
  queryOptions({
    queryKey: ['orders', 'of', userId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/orders', { query: { user_id: userId, limit: 20 }, signal })).body.toSorted((a, b) =>
        b.order_date.localeCompare(a.order_date),
      ),
    staleTime: 60_000,
  });
