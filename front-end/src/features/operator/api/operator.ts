import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';

const REFRESH_MS = 5000;

export const businessesQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['platform', 'businesses', q],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/platform/businesses', { query: { q, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const usersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['platform', 'users', q],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/platform/users', { query: { q, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const platformQuery = () =>
  queryOptions({
    queryKey: ['platform', 'health'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/platform/health', { signal })).body,
    refetchInterval: REFRESH_MS,
  });

/** The platform's model, and those that businesses may choose. */
export const platformModelQuery = () =>
  queryOptions({
    queryKey: ['platform', 'model'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/model', { signal })).body,
  });

export const defaultsQuery = () =>
  queryOptions({
    queryKey: ['templates', 'platform'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/templates/default-templates', { query: { limit: 200 }, signal })).body,
  });

export function useOperatorActions() {
  const queryClient = useQueryClient();
  return {
    inviteBusiness: useMutation({ mutationFn: async () => (await call('post', '/api/v1/signup-invitations')).body }),
    createPasswordLink: useMutation({
      mutationFn: async (userId: string) =>
        (await call('post', '/api/v1/users/{user_id}/invitation', { path: { user_id: userId } })).body,
    }),
    removeSecondFactor: useMutation({
      mutationFn: (userId: string) => call('delete', '/api/v1/users/{user_id}/totp', { path: { user_id: userId } }),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: ['platform', 'users'] }),
    }),
  };
}
