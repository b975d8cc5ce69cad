import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { type BlockerFunction, useBlocker } from 'react-router';
import { texts } from '@/config/texts';

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
  const blocker = useBlocker(
    useCallback<BlockerFunction>(
      ({ currentLocation, nextLocation }) => isUnsaved.current && currentLocation.pathname !== nextLocation.pathname,
      [],
    ),
  );
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [when]);
  return (
    <Dialog open={blocker.state === 'blocked'} onClose={() => blocker.reset?.()} aria-labelledby="unsaved-title">
      <DialogTitle id="unsaved-title">{texts.unsaved.title}</DialogTitle>
      <DialogContent>
        <DialogContentText>{texts.unsaved.body}</DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button onClick={() => blocker.proceed?.()} color="error">
          {texts.unsaved.leave}
        </Button>
        <Button onClick={() => blocker.reset?.()} variant="contained" autoFocus>
          {texts.unsaved.stay}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
