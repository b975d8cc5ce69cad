import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';

export interface NewCustomer {
  first_name?: string;
  last_name?: string;
  external_id?: string;
}

export function useCreateCustomer() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (values: NewCustomer) => (await call('post', '/api/v1/users', { body: values })).body.user_id,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['users'] }),
  });
}

export const conversationsOfQuery = (userId: string) =>
  queryOptions({
    queryKey: ['conversations', 'of', userId],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/users/{user_id}/conversations', {
          path: { user_id: userId },
          query: { limit: 200 },
          signal,
        })
      ).body.toSorted((a, b) => b.last_updated.localeCompare(a.last_updated)),
  });
