import { queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { asApiError } from '@/lib/errors';

export interface Health {
  server: boolean;
  database: boolean;
  milliseconds: number;
  at: string;
}

/** Never fails; it reports a missing response as a result. */
export const healthQuery = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: async ({ signal }): Promise<Health> => {
      const start = performance.now();
      const result = (server: boolean, database: boolean): Health => ({
        server,
        database,
        milliseconds: performance.now() - start,
        at: new Date().toISOString(),
      });
      try {
        const { body } = await call('get', '/api/v1/health', { signal });
        return result(true, body.database === 'ok');
      } catch (error) {
        if (signal.aborted) throw error;
        // The server answers 503 if its database is unavailable.
        return result(asApiError(error).status !== 0, false);
      }
    },
    refetchInterval: 10_000,
  });
