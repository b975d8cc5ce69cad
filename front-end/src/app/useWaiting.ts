import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { countsQuery } from '@/lib/queries';
import { setWaitingBadge } from '@/lib/title';

/** The number of conversations whose customers wait, which the window's title shows too. */
export function useWaiting(): number {
  const waiting = useQuery(countsQuery()).data?.waiting ?? 0;
  useEffect(() => {
    setWaitingBadge(waiting);
    return () => setWaitingBadge(0);
  }, [waiting]);
  return waiting;
}
