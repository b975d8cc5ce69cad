/** Keeps the pages up to date while they are open: one connection for all components of the tab. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type ReactNode,
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { LiveConnection } from './live';
import { LIVE_QUERIES, ReloadQueue, outdatedBy } from './liveQueries';
import { type Colleague, People } from './livePeople';
import { meQuery } from './session';

const NOTICE_AFTER = 8_000; // milliseconds without a connection before the user is told

interface Live {
  connection: LiveConnection;
  people: People;
}

const Context = createContext<Live | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const live = useMemo<Live>(() => ({ connection: new LiveConnection(), people: new People() }), []);
  useEffect(() => {
    const { connection, people } = live;
    const queue = new ReloadQueue((outdated) => queryClient.invalidateQueries(outdated));
    let wasConnected = false;
    const stopFrames = connection.onFrames((frames) => {
      people.receive(frames);
      if (frames.some((each) => each.type === 'hello')) {
        // After a gap everything may have changed. The first time, only what changes often may have changed since the
        // pages were loaded.
        if (wasConnected) void queryClient.invalidateQueries();
        else queue.add(LIVE_QUERIES);
        wasConnected = true;
      }
      queue.add(frames.flatMap(outdatedBy));
    });
    const stopState = connection.onState(() => {
      if (connection.state !== 'waiting') return;
      people.clear();
      // Without a connection, read the data again after each attempt. If the login has ended, the first request says so.
      queryClient.fetchQuery({ ...meQuery(), staleTime: 0 }).then(
        () => queue.add(LIVE_QUERIES),
        () => undefined,
      );
    });
    const connectIfVisible = () => {
      if (document.visibilityState === 'visible') connection.connectNow();
    };
    connection.start();
    window.addEventListener('online', connectIfVisible);
    document.addEventListener('visibilitychange', connectIfVisible);
    return () => {
      window.removeEventListener('online', connectIfVisible);
      document.removeEventListener('visibilitychange', connectIfVisible);
      stopState();
      stopFrames();
      connection.stop();
    };
  }, [live, queryClient]);
  // After signing in again.
  const expiresAt = useQuery({ ...meQuery(), enabled: false }).data?.expires_at;
  useEffect(() => {
    if (expiresAt) live.connection.connectNow();
  }, [live, expiresAt]);
  return <Context value={live}>{children}</Context>;
}

function useLive(): Live {
  const live = useContext(Context);
  if (!live) throw new Error('useLive must be used inside LiveProvider.');
  return live;
}

/** Whether there has been no connection for several seconds. */
export function useLiveInterrupted(): boolean {
  const { connection } = useLive();
  const isInterrupted = useSyncExternalStore(
    useCallback((listener) => connection.onState(listener), [connection]),
    () => connection.state === 'connecting' || connection.state === 'waiting',
  );
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!isInterrupted) return;
    const timer = setTimeout(() => setIsLong(true), NOTICE_AFTER);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [isInterrupted]);
  return isLong;
}

/** The colleagues who have this conversation open. While the component is mounted, they also see this user there. */
export function usePresence(conversationId: string): readonly Colleague[] {
  const { connection, people } = useLive();
  useEffect(() => {
    const announce = () => {
      if (connection.state === 'connected') connection.send({ type: 'presence', conversation_id: conversationId });
    };
    announce();
    const stop = connection.onState(announce);
    return () => {
      stop();
      connection.send({ type: 'presence', conversation_id: null });
    };
  }, [connection, conversationId]);
  return useSyncExternalStore(people.subscribe, () => people.presentIn(conversationId));
}

/** The colleagues who are writing in this conversation, and a function to call when this user types. */
export function useTyping(conversationId: string): [readonly Colleague[], () => void] {
  const { connection, people } = useLive();
  const lastSent = useRef(0);
  const report = useCallback(() => {
    if (Date.now() - lastSent.current < 3_000) return;
    lastSent.current = Date.now();
    connection.send({ type: 'typing', conversation_id: conversationId });
  }, [connection, conversationId]);
  const typing = useSyncExternalStore(people.subscribe, () => people.typingIn(conversationId));
  return [typing, report];
}
