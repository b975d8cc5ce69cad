import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Answer, call } from '@/lib/client';
import type { Business, Release } from '@/lib/types';

type Settings = Business['settings'];
export type Publishing = NonNullable<Settings['publishing']>;
export type Pin = NonNullable<Settings['pin']>;

export const releasesQuery = () =>
  infiniteQueryOptions({
    queryKey: ['releases', 'list'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/releases', { query: { limit: 20, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchOnMount: 'always', // every edit may have published a release, or changed the draft
  });

/** The latest release, which is read again until its test cases have run. */
export const latestReleaseQuery = () =>
  queryOptions({
    queryKey: ['releases', 'latest'],
    queryFn: async ({ client, queryKey, signal }): Promise<Release | null> => {
      const before = client.getQueryData<Release | null>(queryKey);
      const latest = (await call('get', '/api/v1/releases', { query: { limit: 1 }, signal })).body[0] ?? null;
      if (before?.status === 'checking' && latest?.status !== 'checking')
        void client.invalidateQueries({ predicate: (query) => query.queryKey !== queryKey }); // it may be live now
      return latest;
    },
    refetchInterval: ({ state }) => (state.data?.status === 'checking' ? 1000 : false),
    refetchOnMount: 'always',
  });

/** What publishing the draft would change. */
export const draftChangesQuery = () =>
  queryOptions({
    queryKey: ['releases', 'draft'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/releases/draft/changes', { signal })).body.changes,
    refetchOnMount: 'always',
  });

/** The release that answers a share of the new conversations. */
export const trialQuery = () =>
  queryOptions({
    queryKey: ['releases', 'trial'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/releases/trial', { signal })).body,
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
      mutationFn: async (body: { note?: string; percent?: number; override?: string }) => {
        const { status, body: release } = await call('post', '/api/v1/releases', { body });
        return { number: release.number, isChecked: status === 202 };
      },
      onSettled,
    }),
    restore: useMutation({
      mutationFn: async (releaseId: string) =>
        await call('post', '/api/v1/releases/{release_id}/restore', { path: { release_id: releaseId }, body: {} }),
      onSettled,
    }),
    discard: useMutation({ mutationFn: () => call('delete', '/api/v1/releases/draft', {}), onSettled }),
    setTrial: useMutation({
      mutationFn: (body: { release_id: string; percent: number }) => call('put', '/api/v1/releases/trial', { body }),
      onSettled,
    }),
    endTrial: useMutation({ mutationFn: () => call('delete', '/api/v1/releases/trial', {}), onSettled }),
    setSetting: useMutation({
      mutationFn: ({ loaded, change }: { loaded: Answer<Business>; change: Pick<Settings, 'publishing' | 'pin'> }) =>
        call('put', '/api/v1/businesses/{business_id}', {
          path: { business_id: loaded.body.business_id },
          body: { settings: { ...loaded.body.settings, ...change } },
          ifMatch: loaded.etag,
        }),
      onSettled,
    }),
  };
}
