import { queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { asApiError } from '@/lib/errors';

export interface Health {
  server: boolean;
  database: boolean;
  /** Why messages cannot be answered; null if they can. */
  cause: string | null;
  milliseconds: number;
  at: string;
}

/** Never fails; it reports a missing response as a result. */
export const healthQuery = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: async ({ signal }): Promise<Health> => {
      const start = performance.now();
      const result = (server: boolean, database: boolean, cause: string | null): Health => ({
        server,
        database,
        cause,
        milliseconds: performance.now() - start,
        at: new Date().toISOString(),
      });
      try {
        const { body } = await call('get', '/api/v1/health', { signal });
        return result(true, body.database === 'ok', null);
      } catch (error) {
        if (signal.aborted) throw error;
        // The server answers 503 with the cause, which is usually the database.
        const { status, message } = asApiError(error);
        return result(status !== 0, false, status === 503 ? message : null);
      }
    },
    refetchInterval: 10_000,
  });
