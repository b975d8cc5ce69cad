import { useQuery } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';

/** A business that has designed nothing yet is led through it by whoever may design it; everybody else starts in the chat. */
export function StartRedirect() {
  const stages = useQuery(stagesQuery());
  const { canEdit } = useSession();
  return (
    <QueryView query={stages}>
      {(rows) => <Navigate to={rows.length || !canEdit ? paths.chat : paths.welcome} replace />}
    </QueryView>
  );
}
