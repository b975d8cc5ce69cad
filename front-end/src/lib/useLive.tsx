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
import { type Frame, LiveConnection } from './live';
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
        // After a gap everything may have changed. The first time, the pages have just been loaded.
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
    const hurry = () => {
      if (document.visibilityState === 'visible') connection.hurry();
    };
    connection.start();
    window.addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
    return () => {
      window.removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
      stopState();
      stopFrames();
      connection.stop();
    };
  }, [live, queryClient]);
  // After signing in again.
  const expiresAt = useQuery({ ...meQuery(), enabled: false }).data?.expires_at;
  useEffect(() => {
    if (expiresAt) live.connection.hurry();
  }, [live, expiresAt]);
  return <Context value={live}>{children}</Context>;
}

function useLive(): Live {
  const live = useContext(Context);
  if (!live) throw new Error('useLive must be used inside LiveProvider.');
  return live;
}

/** Calls `onFrame` for each frame, for example to play a sound. Queries are reloaded without it. */
export function useLiveFrames(onFrame: (frame: Frame) => void): void {
  const { connection } = useLive();
  const latest = useRef(onFrame);
  useEffect(() => {
    latest.current = onFrame;
  });
  useEffect(() => connection.onFrames((frames) => frames.forEach((each) => latest.current(each))), [connection]);
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

const NOBODY: readonly Colleague[] = [];

/** The colleagues who have this conversation open. While the component is mounted, they also see this user there. */
export function usePresence(conversationId: string | null): readonly Colleague[] {
  const { connection, people } = useLive();
  useEffect(() => {
    if (!conversationId) return;
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
  return useSyncExternalStore(people.subscribe, () => (conversationId ? people.presentIn(conversationId) : NOBODY));
}

/** The colleagues who are writing in this conversation, and a function to call when this user types. */
export function useTyping(conversationId: string | null): [readonly Colleague[], () => void] {
  const { connection, people } = useLive();
  const lastSent = useRef(0);
  const report = useCallback(() => {
    if (!conversationId || Date.now() - lastSent.current < 3_000) return;
    lastSent.current = Date.now();
    connection.send({ type: 'typing', conversation_id: conversationId });
  }, [connection, conversationId]);
  const typing = useSyncExternalStore(people.subscribe, () =>
    conversationId ? people.typingIn(conversationId) : NOBODY,
  );
  return [typing, report];
}
