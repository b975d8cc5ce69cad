import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { type BlockerFunction, useBlocker } from 'react-router';
import { texts } from '@/config/texts';

/**
 * Asks before unsaved work is left, by a link of ours or by closing the window.
 *
 * It knows what the page shows, and no sooner: who leaves by themselves after saving does so once that is rendered (flushSync).
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
