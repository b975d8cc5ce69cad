import { useCallback, useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { type Guard, browserHistory } from '@/lib/history';
import { loadWhenOpened } from './loadWhenOpened';

const UnsavedDialog = loadWhenOpened(async () => (await import('./UnsavedDialog')).UnsavedDialog);

/**
 * Asks for confirmation before a page with unsaved changes is left or closed.
 *
 * It uses the rendered value of `when`. Code that navigates after saving must render first, with flushSync.
 */
export function UnsavedGuard({ when }: { when: boolean }) {
  const isUnsaved = useRef(when);
  useLayoutEffect(() => {
    isUnsaved.current = when;
  }, [when]);
  const guard = useCallback<Guard>((current, next) => isUnsaved.current && current.pathname !== next.pathname, []);
  useEffect(() => browserHistory.guard(guard), [guard]);
  const isStopped = useSyncExternalStore(browserHistory.listen, () => browserHistory.stopped?.by === guard);
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [when]);
  return <UnsavedDialog open={isStopped} />;
}
