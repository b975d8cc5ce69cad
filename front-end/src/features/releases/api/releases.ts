import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Answer, call } from '@/lib/client';
import type { Business } from '@/lib/types';

export type Publishing = NonNullable<Business['settings']['publishing']>;

export const releasesQuery = () =>
  infiniteQueryOptions({
    queryKey: ['releases', 'list'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/releases', { query: { limit: 20, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchOnMount: 'always', // every edit may have published a release, or changed the draft
  });

/** What publishing the draft would change. */
export const draftChangesQuery = () =>
  queryOptions({
    queryKey: ['releases', 'draft'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/releases/draft/changes', { signal })).body.changes,
    refetchOnMount: 'always',
  });

/** What a release changed. */
export const releaseChangesQuery = (releaseId: string) =>
  queryOptions({
    queryKey: ['releases', 'changes', releaseId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/releases/{release_id}/changes', { path: { release_id: releaseId }, signal })).body
        .changes,
    staleTime: Infinity,
  });

/** Publishes, restores and discards. All of them may change what every other page shows of the design. */
export function useChangeReleases() {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries();
  return {
    publish: useMutation({
      mutationFn: async (note: string) =>
        (await call('post', '/api/v1/releases', { body: note ? { note } : {} })).body.number,
      onSettled,
    }),
    restore: useMutation({
      mutationFn: async (releaseId: string) =>
        (await call('post', '/api/v1/releases/{release_id}/restore', { path: { release_id: releaseId }, body: {} }))
          .body.number,
      onSettled,
    }),
    discard: useMutation({ mutationFn: () => call('delete', '/api/v1/releases/draft', {}), onSettled }),
    setPublishing: useMutation({
      mutationFn: ({ loaded, publishing }: { loaded: Answer<Business>; publishing: Publishing }) =>
        call('put', '/api/v1/businesses/{business_id}', {
          path: { business_id: loaded.body.business_id },
          body: { settings: { ...loaded.body.settings, publishing } },
          ifMatch: loaded.etag,
        }),
      onSettled,
    }),
  };
}
