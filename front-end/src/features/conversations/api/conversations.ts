import { infiniteQueryOptions } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { Conversation } from '@/lib/types';

export interface Filters {
  q?: string | undefined;
  status?: Conversation['status'] | undefined;
  stage_id?: string | undefined;
  handled_by?: Conversation['handled_by'] | undefined;
}

export const conversationsQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      // Search results have a fixed order; the plain list starts with the newest.
      call('get', '/api/v1/conversations', {
        query: { ...filters, ...(filters.q ? {} : { order: 'newest' }), limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
