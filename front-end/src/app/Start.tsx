import { useQuery } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { stagesQuery } from '@/lib/queries';

/** A business that has designed nothing yet is led through it; every other one starts in the chat. */
export function Start() {
  const stages = useQuery(stagesQuery());
  return (
    <QueryView query={stages}>
      {(rows) => <Navigate to={rows.length ? paths.chat : paths.welcome} replace />}
    </QueryView>
  );
}
