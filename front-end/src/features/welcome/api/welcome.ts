import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { businessQuery } from '@/lib/queries';
import type { BusinessUpdate, StarterApply } from '@/lib/types';

export type StarterLanguage = StarterApply['language'];

export const STARTER_LANGUAGES: readonly StarterLanguage[] = ['en', 'de', 'es'];

export const startersQuery = (language: StarterLanguage) =>
  queryOptions({
    queryKey: ['starters', language],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/starters', { query: { language }, signal })).body,
    staleTime: Infinity, // they only change with the version of the server
  });

/** The ID of the first test customer, or null. */
export const testCustomerQuery = () =>
  queryOptions({
    queryKey: ['users', 'test', 'first'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/users', { query: { is_test: true, limit: 1 }, signal })).body[0]?.user_id ?? null,
  });

/** Whether the business has a conversation, also one of a test customer. */
export const hasConversationQuery = () =>
  queryOptions({
    queryKey: ['conversations', 'any'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/conversations', { query: { limit: 1 }, signal })).body.length > 0,
  });

export function useUpdateBusiness(businessId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ values, etag }: { values: BusinessUpdate; etag: string | null }) =>
      call('put', '/api/v1/businesses/{business_id}', {
        path: { business_id: businessId },
        body: values,
        ifMatch: etag,
      }),
    onSuccess: (answer) => queryClient.setQueryData(businessQuery(businessId).queryKey, answer),
    // If someone else has changed the business, the form shows their version.
    onError: () => queryClient.invalidateQueries({ queryKey: ['business'] }),
  });
}

export function useApplyStarter(businessId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (values: StarterApply) =>
      (
        await call('post', '/api/v1/businesses/{business_id}/starter', {
          path: { business_id: businessId },
          body: values,
        })
      ).body,
    onSuccess: () =>
      Promise.all(
        ['business', 'stages', 'templates', 'variables', 'agents', 'users', 'conversations'].map((key) =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}
