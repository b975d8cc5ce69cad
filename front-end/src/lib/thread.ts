/** The messages of a conversation with their turns: the newest ones first, earlier ones when they are asked for. */

import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { call } from './client';
import type { Message, Turn } from './types';

const PAGE_SIZE = 100;
const NO_TURNS: readonly Turn[] = [];

function oldestFirst<Row>({ pages }: { pages: readonly { body: Row[] }[] }): Row[] {
  return pages.flatMap((page) => page.body).toReversed();
}

const messagesQuery = (conversationId: string, notes: boolean) =>
  infiniteQueryOptions({
    queryKey: ['conversation', conversationId, 'messages', { notes }],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/conversations/{conversation_id}/messages', {
        path: { conversation_id: conversationId },
        query: { notes, order: 'newest', limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    select: oldestFirst<Message>,
  });

const turnsQuery = (conversationId: string) =>
  infiniteQueryOptions({
    queryKey: ['conversation', conversationId, 'turns'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/conversations/{conversation_id}/turns', {
        path: { conversation_id: conversationId },
        query: { order: 'newest', limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    select: oldestFirst<Turn>,
  });

export interface Earlier {
  isLoading: boolean;
  /** Adds the page of messages before those that are loaded. */
  load: () => Promise<void>;
}

/**
 * The loaded messages and turns of a conversation, oldest first. `earlier` is null if there are no earlier messages. All
 * loaded pages are read again when something changes, because a failed turn may be answered much later.
 */
export function useThread(conversationId: string | null, { notes = false } = {}) {
  const enabled = conversationId !== null;
  const messages = useInfiniteQuery({ ...messagesQuery(conversationId ?? '', notes), enabled });
  const turns = useInfiniteQuery({ ...turnsQuery(conversationId ?? ''), enabled });

  // The seq of a turn is that of its message, or a higher one. So the turns of the messages are loaded if the seq of the
  // first turn is lower than that of the first message.
  const firstMessage = messages.data?.[0]?.seq;
  const firstTurn = turns.data?.[0]?.seq;
  const lacksTurns = firstMessage !== undefined && firstTurn !== undefined && firstTurn > firstMessage;
  const { fetchNextPage: fetchTurns, hasNextPage: hasTurns, isFetching: isFetchingTurns, isError } = turns;
  useEffect(() => {
    if (lacksTurns && hasTurns && !isFetchingTurns && !isError) void fetchTurns();
  }, [lacksTurns, hasTurns, isFetchingTurns, isError, fetchTurns]);

  const { fetchNextPage, hasNextPage, isFetchingNextPage } = messages;
  const load = useCallback(async () => {
    await fetchNextPage();
  }, [fetchNextPage]);
  const earlier: Earlier | null = hasNextPage ? { isLoading: isFetchingNextPage, load } : null;
  return { messages, turns, turnRows: turns.data ?? NO_TURNS, earlier };
}
