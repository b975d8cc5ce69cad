/** Ratings of answers: reading them, rating as staff, and following up bad answers. */

import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client';
import type { RateAnswer } from './types';

/** Which answers are listed. */
export type Shown = 'open' | 'bad' | 'good' | 'examples';

const FILTERS = {
  open: { open: true },
  bad: { rating: 'bad' },
  good: { rating: 'good' },
  examples: { example: true },
} as const;

export const feedbackQuery = (shown: Shown) =>
  infiniteQueryOptions({
    queryKey: ['feedback', shown],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/feedback', { query: { ...FILTERS[shown], limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

function useRefresh() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['feedback'] }),
      queryClient.invalidateQueries({ queryKey: ['conversation'] }),
      queryClient.invalidateQueries({ queryKey: ['turn'] }),
    ]);
}

/** Rates an answer as staff. The rating replaces the earlier one. */
export function useRateAnswer() {
  return useMutation({
    mutationFn: async ({ messageId, ...body }: { messageId: string } & Omit<RateAnswer, 'source'>) =>
      (
        await call('post', '/api/v1/messages/{message_id}/feedback', {
          path: { message_id: messageId },
          body: { ...body, source: 'staff' },
        })
      ).body,
    onSuccess: useRefresh(),
  });
}

/** Writes an article that answers the question of a bad answer, which is then not open any more. */
export function useSaveAsArticle() {
  const queryClient = useQueryClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ turnId, title, content }: { turnId: string; title: string; content: string }) =>
      call('post', '/api/v1/articles', { body: { title, content, answers_turn_id: turnId } }),
    onSuccess: () => Promise.all([refresh(), queryClient.invalidateQueries({ queryKey: ['articles'] })]),
  });
}

/** Removes a bad answer from the open ones. With a stage, the customer's message becomes one of its examples. */
export function useResolveFeedback() {
  const queryClient = useQueryClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ turnId, stageId }: { turnId: string; stageId?: string }) =>
      call('post', '/api/v1/feedback/{turn_id}/resolve', {
        path: { turn_id: turnId },
        body: stageId ? { stage_id: stageId } : {},
      }),
    onSuccess: (_, { stageId }) =>
      Promise.all([
        refresh(),
        ...(stageId
          ? [
              queryClient.invalidateQueries({ queryKey: ['stages'] }),
              queryClient.invalidateQueries({ queryKey: ['stage'] }),
            ]
          : []),
      ]),
  });
}
