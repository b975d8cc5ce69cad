/** The queries of the inbox. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { readAll, readPages } from '@/lib/queries';
import { type InboxFilters, listParameters } from './filters';
import type { Message } from '@/lib/types';

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

interface Thread {
  messages: Message[];
  /** Where the last page begins: the number of messages before it, and its cursor. */
  lastPage: { before: number; cursor: string | undefined };
}

/** All messages with the notes. Messages do not change, so after the first time only the last page is read again. */
export const threadQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['conversation', conversationId, 'messages', 'notes'],
    queryFn: async ({ signal, client, queryKey }): Promise<Thread> => {
      const known = client.getQueryData<Thread>(queryKey);
      let lastPage = known?.lastPage ?? { before: 0, cursor: undefined };
      const messages = known?.messages.slice(0, lastPage.before) ?? [];
      const read = (cursor?: string) =>
        call('get', '/api/v1/conversations/{conversation_id}/messages', {
          path: { conversation_id: conversationId },
          query: { notes: true, limit: 200, cursor },
          signal,
        });
      for await (const page of readPages(read, lastPage.cursor)) {
        messages.push(...page.body);
        if (page.nextCursor) lastPage = { before: messages.length, cursor: page.nextCursor };
      }
      return { messages, lastPage };
    },
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

export const ordersQuery = (userId: string) =>
  queryOptions({
    queryKey: ['orders', 'of', userId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/orders', { query: { user_id: userId, limit: 20 }, signal })).body.toSorted((a, b) =>
        b.order_date.localeCompare(a.order_date),
      ),
    staleTime: 60_000,
  });
