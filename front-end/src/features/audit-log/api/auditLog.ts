import { infiniteQueryOptions } from '@tanstack/react-query';
import { buildUrl, call } from '@/lib/client';

export interface Filters {
  resource?: string | undefined;
  action?: string | undefined;
  actor_id?: string | undefined;
  /** Inclusive. */
  from?: string | undefined;
  /** Exclusive. */
  to?: string | undefined;
}

export const auditLogQuery = (businessId: string, filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['audit-log', businessId, filters],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/audit-log', {
        query: { ...filters, business_id: businessId, order: 'newest', limit: 100, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 0,
  });

/** The address of the CSV file with all entries that match. */
export const csvUrl = (businessId: string, filters: Filters) =>
  buildUrl('/api/v1/audit-log/csv', {}, { ...filters, business_id: businessId });
