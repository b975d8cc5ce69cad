import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { OrderCreate, OrderUpdate } from '@/lib/types';

const LIMIT = 50;

export interface OrderFilters {
  user_id?: string | undefined;
  order_number?: string | undefined;
  status?: string | undefined;
}

/** The business's orders, newest first. */
export const ordersQuery = (filters: OrderFilters, limit = LIMIT) =>
  infiniteQueryOptions({
    queryKey: ['orders', 'list', filters, limit],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/orders', { query: { ...filters, order: 'newest', limit, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const orderQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['orders', 'one', orderId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/orders/{order_id}', { path: { order_id: orderId }, signal })).body,
  });

export function useChangeOrders() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['orders'] });
  return {
    create: useMutation({
      mutationFn: (values: OrderCreate) => call('post', '/api/v1/orders', { body: values }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ orderId, values }: { orderId: string; values: OrderUpdate }) =>
        call('put', '/api/v1/orders/{order_id}', { path: { order_id: orderId }, body: values }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (orderId: string) => call('delete', '/api/v1/orders/{order_id}', { path: { order_id: orderId } }),
      onSuccess,
    }),
  };
}
