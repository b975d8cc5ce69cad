import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { Webhook, WebhookCreate, WebhookDelivery, WebhookUpdate } from '@/lib/types';

const REFRESH_MS = 3000; // while deliveries are waiting

export const webhookQuery = (webhookId: string) =>
  queryOptions({
    queryKey: ['webhooks', webhookId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/webhooks/{webhook_id}', { path: { webhook_id: webhookId }, signal })).body,
  });

export const deliveriesQuery = (webhookId: string, status: WebhookDelivery['status'] | undefined) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', webhookId, 'deliveries', status],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/webhooks/{webhook_id}/deliveries', {
        path: { webhook_id: webhookId },
        query: { status, order: 'newest', limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.body.some((each) => each.status === 'pending')) ? REFRESH_MS : false,
  });

export const deliveryQuery = (delivery: WebhookDelivery) =>
  queryOptions({
    queryKey: ['webhooks', delivery.webhook_id, 'delivery', delivery.delivery_id],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}', {
          path: { webhook_id: delivery.webhook_id, delivery_id: delivery.delivery_id },
          signal,
        })
      ).body,
  });

export function useChangeWebhooks() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['webhooks'] });
  return {
    create: useMutation({
      mutationFn: async (values: WebhookCreate) => (await call('post', '/api/v1/webhooks', { body: values })).body,
      onSuccess,
    }),
    update: useMutation({
      mutationFn: async ({ webhook, values }: { webhook: Webhook; values: WebhookUpdate }) =>
        (await call('put', '/api/v1/webhooks/{webhook_id}', { path: { webhook_id: webhook.webhook_id }, body: values }))
          .body,
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (webhookId: string) =>
        call('delete', '/api/v1/webhooks/{webhook_id}', { path: { webhook_id: webhookId } }),
      // Only the list: the deleted webhook and its deliveries are gone.
      onSuccess: () => queryClient.invalidateQueries({ queryKey: ['webhooks'], exact: true }),
    }),
    test: useMutation({
      mutationFn: async (webhook: Webhook) =>
        (await call('post', '/api/v1/webhooks/{webhook_id}/test', { path: { webhook_id: webhook.webhook_id } })).body,
      onSuccess,
    }),
    resend: useMutation({
      mutationFn: (delivery: WebhookDelivery) =>
        call('post', '/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend', {
          path: { webhook_id: delivery.webhook_id, delivery_id: delivery.delivery_id },
        }),
      onSuccess,
    }),
  };
}
