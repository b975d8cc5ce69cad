import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { User, UserUpdate } from '@/lib/types';

const LIMIT = 50;

export interface CustomerFilters {
  q?: string | undefined;
  is_test?: boolean | undefined;
}

/** The business's customers, newest first. */
export const customersQuery = (filters: CustomerFilters) =>
  infiniteQueryOptions({
    queryKey: ['users', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/users', {
        query: { ...filters, order: 'newest', limit: LIMIT, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** The first customers that a search finds. */
export const foundCustomersQuery = (words: string) =>
  queryOptions({
    queryKey: ['users', 'found', words],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/users', {
          query: { ...(words ? { q: words } : {}), order: 'newest', limit: 20 },
          signal,
        })
      ).body,
  });

export const conversationsOfCustomerQuery = (userId: string) =>
  queryOptions({
    queryKey: ['conversations', 'of', userId, 'newest'],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/conversations', {
          query: { user_id: userId, order: 'newest', limit: LIMIT },
          signal,
        })
      ).body,
  });

/** Where the browser downloads everything about a customer. */
export const exportAddress = (userId: string) => `/api/v1/users/${userId}/export`;

export function useChangeCustomers() {
  const queryClient = useQueryClient();
  const onSuccess = () =>
    Promise.all(
      [['users'], ['user'], ['conversations'], ['orders']].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
  return {
    create: useMutation({
      mutationFn: async (values: UserUpdate) => (await call('post', '/api/v1/users', { body: values })).body.user_id,
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ userId, values }: { userId: string; values: UserUpdate }) =>
        call('put', '/api/v1/users/{user_id}', { path: { user_id: userId }, body: values }),
      onSuccess,
    }),
    merge: useMutation({
      mutationFn: ({ userId, otherId }: { userId: string; otherId: string }) =>
        call('post', '/api/v1/users/{user_id}/merge', {
          path: { user_id: userId },
          body: { other_user_id: otherId },
        }),
      onSuccess,
    }),
    erase: useMutation({
      mutationFn: (user: User) => call('delete', '/api/v1/users/{user_id}', { path: { user_id: user.user_id } }),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: ['users'] }),
    }),
  };
}
