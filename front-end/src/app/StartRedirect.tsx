import { queryOptions, useQuery } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { call } from '@/lib/client';
import { stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';

/**
 * Redirects to the inbox if customers have written, or if the user may only read. Before that to the playground, or to
 * the welcome page if there are no stages and the user may create them.
 */
export function StartRedirect() {
  const stages = useQuery(stagesQuery());
  const conversations = useQuery(firstConversationQuery());
  const { canEdit, canSendMessages } = useSession();
  if (!canSendMessages) return <Navigate to={paths.inbox} replace />;
  return (
    <QueryView query={conversations}>
      {(hasConversations) =>
        hasConversations ? (
          <Navigate to={paths.inbox} replace />
        ) : (
          <QueryView query={stages}>
            {(rows) => <Navigate to={rows.length || !canEdit ? paths.chat : paths.welcome} replace />}
          </QueryView>
        )
      }
    </QueryView>
  );
}

const firstConversationQuery = () =>
  queryOptions({
    queryKey: ['conversations', 'first'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/conversations', { query: { is_test: false, limit: 1 }, signal })).body.length > 0,
  });
