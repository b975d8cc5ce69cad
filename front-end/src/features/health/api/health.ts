import { queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { asApiError } from '@/lib/errors';

export interface Health {
  server: boolean;
  database: boolean;
  milliseconds: number;
  at: string;
}

/** Never fails: no answer is what it reports. */
export const healthQuery = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: async ({ signal }): Promise<Health> => {
      const began = performance.now();
      const seen = (server: boolean, database: boolean): Health => ({
        server,
        database,
        milliseconds: performance.now() - began,
        at: new Date().toISOString(),
      });
      try {
        const { body } = await call('get', '/api/v1/health', { signal });
        return seen(true, body.database === 'ok');
      } catch (error) {
        if (signal.aborted) throw error;
        // 503 is the server's own word that its database is away.
        return seen(asApiError(error).status !== 0, false);
      }
    },
    refetchInterval: 10_000,
  });
