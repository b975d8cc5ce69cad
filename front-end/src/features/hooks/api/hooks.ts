import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { PAGE_SIZE, readAll } from '@/lib/queries';
import type { Hook, HookCreate } from '@/lib/types';

const SHOWN_DELIVERIES = 50;
const REFRESH_MS = 5000;

export const hooksQuery = () =>
  queryOptions({
    queryKey: ['hooks'],
    queryFn: ({ signal }) =>
      readAll<Hook>((cursor) => call('get', '/api/v1/hooks', { query: { limit: PAGE_SIZE, cursor }, signal })),
  });

/** The latest deliveries of a hook, read again while they are shown: the owner waits for a test of the shop. */
export const deliveriesQuery = (hookId: string) =>
  queryOptions({
    queryKey: ['hooks', hookId, 'deliveries'],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/hooks/{hook_id}/deliveries', {
          path: { hook_id: hookId },
          query: { limit: SHOWN_DELIVERIES },
          signal,
        })
      ).body,
    refetchInterval: REFRESH_MS,
  });

export function useChangeHooks() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['hooks'] });
  return {
    create: useMutation({ mutationFn: (body: HookCreate) => call('post', '/api/v1/hooks', { body }), onSuccess }),
    update: useMutation({
      mutationFn: ({ hookId, body }: { hookId: string; body: Partial<HookCreate> }) =>
        call('put', '/api/v1/hooks/{hook_id}', { path: { hook_id: hookId }, body }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (hookId: string) => call('delete', '/api/v1/hooks/{hook_id}', { path: { hook_id: hookId } }),
      // Not the deliveries of the hook, which may be open and no longer exist.
      onSuccess: () => queryClient.invalidateQueries({ queryKey: ['hooks'], exact: true }),
    }),
  };
}
