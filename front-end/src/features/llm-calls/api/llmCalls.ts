import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { LlmCall } from '@/lib/types';

export interface Filters {
  step?: 'selection' | 'extraction' | 'retrieval' | 'actions' | 'response' | 'summary' | undefined;
  status?: LlmCall['status'] | undefined;
}

export const llmCallsQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['llm-calls', filters],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/llm-calls', {
        query: { ...filters, order: 'newest', limit: 200, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const llmCallQuery = (callId: string) =>
  queryOptions({
    queryKey: ['llm-call', callId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/llm-calls/{call_id}', { path: { call_id: callId }, signal })).body,
  });
