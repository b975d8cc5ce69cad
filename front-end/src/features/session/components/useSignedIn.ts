import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { meQuery } from '@/lib/session';
import type { Me } from '@/lib/types';

/** Returns a function that continues as this user on another page. */
export function useSignedIn(): (me: Me, path: string) => void {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (me, path) => {
    queryClient.clear();
    queryClient.setQueryData(meQuery().queryKey, me);
    void navigate(path, { replace: true });
  };
}
