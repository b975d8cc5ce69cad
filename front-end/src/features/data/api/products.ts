import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { Product, ProductCreate } from '@/lib/types';

const LIMIT = 50;

export interface ProductFilters {
  q?: string | undefined;
  kind?: Product['kind'] | undefined;
}

/** The business's products and services, newest first. */
export const productsQuery = (filters: ProductFilters) =>
  infiniteQueryOptions({
    queryKey: ['products', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/products', {
        query: { ...filters, order: 'newest', limit: LIMIT, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const productQuery = (productId: string) =>
  queryOptions({
    queryKey: ['products', 'one', productId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/products/{product_id}', { path: { product_id: productId }, signal })).body,
  });

export function useChangeProducts() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['products'] });
  return {
    create: useMutation({
      mutationFn: (values: ProductCreate) => call('post', '/api/v1/products', { body: values }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ productId, values }: { productId: string; values: ProductCreate }) =>
        call('put', '/api/v1/products/{product_id}', { path: { product_id: productId }, body: values }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (productId: string) =>
        call('delete', '/api/v1/products/{product_id}', { path: { product_id: productId } }),
      onSuccess,
    }),
  };
}
