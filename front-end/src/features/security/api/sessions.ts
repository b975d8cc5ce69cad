import { queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { readAll } from '@/lib/queries';
import type { LoginSession } from '@/lib/types';

export const sessionsQuery = () =>
  queryOptions({
    queryKey: ['sessions'],
    queryFn: ({ signal }) =>
      readAll<LoginSession>((cursor) =>
        call('get', '/api/v1/auth/sessions', { query: { limit: 200, cursor }, signal }),
      ),
  });

/** Signs out one of the sessions. Its cookie or token stops working at once. */
export async function revokeSession(sessionId: string): Promise<void> {
  await call('delete', '/api/v1/auth/sessions/{auth_session_id}', { path: { auth_session_id: sessionId } });
}
