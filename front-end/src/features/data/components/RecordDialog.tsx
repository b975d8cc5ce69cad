import { Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { type FormEvent, type ReactNode, useId } from 'react';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';

interface Props {
  title: string;
  isNew: boolean;
  /** Undefined if the user may only read. */
  onSubmit: ((event: FormEvent) => void) | undefined;
  onDelete?: (() => void) | undefined;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  children: ReactNode;
}

/** Shows a row, in a form if the user may change it. */
export function RecordDialog({ title, isNew, onSubmit, onDelete, busy, error, onClose, children }: Props) {
  const id = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="sm">
      {/* Only the content scrolls; the buttons stay visible. */}
      <form
        onSubmit={onSubmit ?? ((event) => event.preventDefault())}
        noValidate
        style={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}
      >
        <DialogTitle id={id} sx={{ overflowWrap: 'anywhere' }}>
          {title}
        </DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <span />
          {children}
          {error ? <ErrorNotice error={error} /> : null}
        </DialogContent>
        <DialogActions>
          {onDelete && (
            <Button color="error" onClick={onDelete} sx={{ mr: 'auto' }}>
              {texts.common.delete}
            </Button>
          )}
          <Button onClick={onClose}>{onSubmit ? texts.common.cancel : texts.common.close}</Button>
          {onSubmit && (
            <Button type="submit" variant="contained" disabled={busy}>
              {isNew ? texts.common.create : texts.common.save}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
