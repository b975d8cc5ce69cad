import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { Replay, ReplayDifference } from '@/lib/types';

/** Which messages are replayed. */
export type Selection = { last: number; rating?: 'bad' };

/** A replay, which is read again while it is running. */
export const replayQuery = (replayId: string) =>
  queryOptions({
    queryKey: ['replays', replayId, 'progress'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/replays/{replay_id}', { path: { replay_id: replayId }, signal })).body,
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? 1000 : false),
  });

/** The replay of the draft that has not ended, if there is one. */
export const openReplayQuery = () =>
  queryOptions({
    queryKey: ['replays', 'open'],
    queryFn: async ({ signal }): Promise<Replay | null> => {
      const [latest] = (await call('get', '/api/v1/replays', { query: { limit: 1 }, signal })).body;
      const isOpen = latest?.release === 'draft' && ['running', 'paused'].includes(latest.status);
      return isOpen ? latest : null;
    },
    refetchOnMount: 'always',
  });

/** What became of the messages of a replay that is not running. */
export const replayResultsQuery = (replayId: string, done: number, difference: ReplayDifference | null) =>
  infiniteQueryOptions({
    queryKey: ['replays', replayId, 'results', done, difference],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/replays/{replay_id}/results', {
        path: { replay_id: replayId },
        query: { limit: 20, cursor: pageParam, ...(difference ? { difference } : {}) },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export function useReplays() {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: ['replays'] });
  return {
    estimate: useMutation({
      mutationFn: async (turns: Selection) =>
        (await call('post', '/api/v1/replays', { body: { release: 'draft', turns } })).body.replay_id,
    }),
    start: useMutation({
      mutationFn: ({ replayId, limit }: { replayId: string; limit: number | null }) =>
        call('post', '/api/v1/replays/{replay_id}/start', {
          path: { replay_id: replayId },
          body: { limit_usd: limit },
        }),
      onSettled,
    }),
    stop: useMutation({
      mutationFn: ({ replayId, action }: { replayId: string; action: 'pause' | 'cancel' }) =>
        call('post', `/api/v1/replays/{replay_id}/${action}`, { path: { replay_id: replayId } }),
      onSettled,
    }),
  };
}
