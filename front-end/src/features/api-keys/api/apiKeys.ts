import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { PAGE_SIZE, readAll } from '@/lib/queries';
import type { ApiKey } from '@/lib/types';

export const apiKeysQuery = (businessId: string) =>
  queryOptions({
    queryKey: ['apiKeys', businessId],
    queryFn: ({ signal }) =>
      readAll<ApiKey>((cursor) =>
        call('get', '/api/v1/businesses/{business_id}/api-keys', {
          path: { business_id: businessId },
          query: { limit: PAGE_SIZE, cursor },
          signal,
        }),
      ),
  });

export function useChangeApiKeys(businessId: string) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: apiKeysQuery(businessId).queryKey });
  const path = { business_id: businessId };
  return {
    create: useMutation({
      mutationFn: async (body: { name: string; scope: ApiKey['scope']; expires_at: string | null }) =>
        (await call('post', '/api/v1/businesses/{business_id}/api-keys', { path, body })).body,
      onSuccess,
    }),
    rotate: useMutation({
      mutationFn: async ({ keyId, seconds }: { keyId: string; seconds: number }) =>
        (
          await call('post', '/api/v1/businesses/{business_id}/api-keys/{key_id}/rotate', {
            path: { ...path, key_id: keyId },
            body: { grace_seconds: seconds },
          })
        ).body,
      onSuccess,
    }),
    revoke: useMutation({
      mutationFn: (keyId: string) =>
        call('delete', '/api/v1/businesses/{business_id}/api-keys/{key_id}', { path: { ...path, key_id: keyId } }),
      onSuccess,
    }),
  };
}
