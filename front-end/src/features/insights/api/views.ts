import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { PAGE_SIZE, readAll } from '@/lib/queries';
import type { components } from '@/lib/schema.gen';

export type SavedView = components['schemas']['analytics_view'];
export type NewView = components['schemas']['analytics_views_create'];

export const viewsQuery = () =>
  queryOptions({
    queryKey: ['analytics-views'],
    queryFn: ({ signal }) =>
      readAll<SavedView>((cursor) =>
        call('get', '/api/v1/analytics/views', { query: { limit: PAGE_SIZE, cursor }, signal }),
      ),
    staleTime: 60_000,
  });

export function useChangeViews() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['analytics-views'] });
  return {
    /** Saves a view; the one with the same name is replaced. */
    save: useMutation({
      mutationFn: async ({ viewId, values }: { viewId: string | undefined; values: NewView }) => {
        if (viewId) {
          await call('put', '/api/v1/analytics/views/{view_id}', { path: { view_id: viewId }, body: values });
        } else await call('post', '/api/v1/analytics/views', { body: values });
      },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: async (viewId: string) => {
        await call('delete', '/api/v1/analytics/views/{view_id}', { path: { view_id: viewId } });
      },
      onSuccess,
    }),
  };
}
