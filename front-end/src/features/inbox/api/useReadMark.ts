import { useEffect, useRef } from 'react';
import { useSession } from '@/lib/session';
import { useMarkRead } from './actions';

/** Marks an open conversation as read up to its last message, while the window is visible. */
export function useReadMark(conversationId: string, lastSeq: number | undefined, unread: number): void {
  const { me } = useSession();
  const { mutate } = useMarkRead(conversationId);
  const marked = useRef(0);
  const isUser = me.user !== null && me.role !== null; // keys, and operators who are not members, have no marks
  useEffect(() => {
    if (!isUser || lastSeq === undefined || (unread === 0 && marked.current === 0)) return;
    const mark = () => {
      if (document.visibilityState !== 'visible' || marked.current >= lastSeq) return;
      marked.current = lastSeq;
      mutate(lastSeq);
    };
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [isUser, lastSeq, unread, mutate]);
}
