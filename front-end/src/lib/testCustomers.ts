import { readAll } from '@/lib/queries';
import type { User } from '@/lib/types';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';

export interface NewCustomer {
  first_name?: string;
  last_name?: string;
  external_id?: string;
}

/** Creates a test customer. */
export function useCreateCustomer() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (values: NewCustomer) =>
      (await call('post', '/api/v1/users', { body: { ...values, is_test: true } })).body.user_id,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['users'] }),
  });
}

/** The customers that staff may write as. */
export const testCustomersQuery = () =>
  queryOptions({
    queryKey: ['users', 'test'],
    queryFn: ({ signal }) =>
      readAll<User>((cursor) => call('get', '/api/v1/users', { query: { is_test: true, limit: 200, cursor }, signal })),
  });

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
