import { useQuery } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';

/** Redirects to the chat, or to the first-run page if there are no stages and the user may create them. */
export function StartRedirect() {
  const stages = useQuery(stagesQuery());
  const { canEdit } = useSession();
  return (
    <QueryView query={stages}>
      {(rows) => <Navigate to={rows.length || !canEdit ? paths.chat : paths.welcome} replace />}
    </QueryView>
  );
}
