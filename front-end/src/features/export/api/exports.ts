import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { deletionQuery } from '@/lib/queries';

const REFRESH_MS = 2000; // while an export is not finished

export const exportsQuery = () =>
  queryOptions({
    queryKey: ['exports'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/exports', { signal })).body,
    refetchInterval: ({ state }) =>
      state.data?.some((each) => each.status === 'waiting' || each.status === 'running') ? REFRESH_MS : false,
  });

export const fileUrl = (exportId: string) => `/api/v1/exports/${exportId}/file`;

export function useChangeExports() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: exportsQuery().queryKey });
  return {
    create: useMutation({ mutationFn: () => call('post', '/api/v1/exports'), onSuccess }),
    remove: useMutation({
      mutationFn: (exportId: string) =>
        call('delete', '/api/v1/exports/{export_id}', { path: { export_id: exportId } }),
      onSuccess,
    }),
  };
}

export function useChangeDeletion(businessId: string) {
  const queryClient = useQueryClient();
  const path = { business_id: businessId };
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: deletionQuery(businessId).queryKey });
  return {
    plan: useMutation({
      mutationFn: (business_name: string) =>
        call('post', '/api/v1/businesses/{business_id}/deletion', { path, body: { business_name } }),
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: () => call('delete', '/api/v1/businesses/{business_id}/deletion', { path }),
      onSuccess,
    }),
  };
}
