import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useCallback, useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { texts } from '@/config/texts';
import { type Guard, browserHistory } from '@/lib/history';

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
  return (
    <Dialog open={isStopped} onClose={() => browserHistory.settle(false)} aria-labelledby="unsaved-title">
      <DialogTitle id="unsaved-title">{texts.unsaved.title}</DialogTitle>
      <DialogContent>
        <DialogContentText>{texts.unsaved.body}</DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button onClick={() => browserHistory.settle(true)} color="error">
          {texts.unsaved.leave}
        </Button>
        <Button onClick={() => browserHistory.settle(false)} variant="contained" autoFocus>
          {texts.unsaved.stay}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
