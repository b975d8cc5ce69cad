import { Button, Dialog, DialogActions, DialogContent } from '@mui/material';
import { texts } from '@/config/texts';
import { ErrorNotice } from './states';

/** The error of an action that has no place of its own on the page, such as a menu item. */
export function ErrorDialog({ open, error, onClose }: { open: boolean; error: unknown; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} aria-label={texts.errors.actionFailed} maxWidth="xs" fullWidth>
      <DialogContent>{error ? <ErrorNotice error={error} /> : null}</DialogContent>
      <DialogActions>
        <Button onClick={onClose} autoFocus>
          {texts.common.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
