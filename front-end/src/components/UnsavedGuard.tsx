import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { texts } from '@/config/texts';

/** Asks before unsaved work is left, by a link of ours or by closing the window. */
export function UnsavedGuard({ when }: { when: boolean }) {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => when && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [when]);
  return (
    <Dialog open={blocker.state === 'blocked'} onClose={() => blocker.reset?.()} aria-labelledby="unsaved-title">
      <DialogTitle id="unsaved-title">{texts.unsaved.title}</DialogTitle>
      <DialogContent><DialogContentText>{texts.unsaved.body}</DialogContentText></DialogContent>
      <DialogActions>
        <Button onClick={() => blocker.proceed?.()} color="error">{texts.unsaved.leave}</Button>
        <Button onClick={() => blocker.reset?.()} variant="contained" autoFocus>{texts.unsaved.stay}</Button>
      </DialogActions>
    </Dialog>
  );
}
