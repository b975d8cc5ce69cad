import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { texts } from '@/config/texts';
import { browserHistory } from '@/lib/history';

/** Asks whether to leave a page with unsaved changes. */
export function UnsavedDialog({ open }: { open: boolean }) {
  return (
    <Dialog open={open} onClose={() => browserHistory.settle(false)} aria-labelledby="unsaved-title">
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
