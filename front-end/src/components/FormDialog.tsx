import { Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { type FormEvent, type ReactNode, useId } from 'react';
import { texts } from '@/config/texts';
import { ErrorNotice } from './states';

interface Props {
  open?: boolean;
  title: string;
  submitLabel: string;
  closeLabel?: string;
  danger?: boolean;
  maxWidth?: 'xs' | 'sm' | 'md';
  busy: boolean;
  error: unknown;
  onSubmit: (event: FormEvent) => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a dialog, with its fields as children. */
export function FormDialog({
  open = true,
  title,
  submitLabel,
  closeLabel = texts.common.cancel,
  danger = false,
  maxWidth = 'xs',
  busy,
  error,
  onSubmit,
  onClose,
  children,
}: Props) {
  const id = useId();
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby={id} fullWidth maxWidth={maxWidth}>
      {/* Only the content scrolls; the buttons stay visible. */}
      <form
        onSubmit={(event) => void onSubmit(event)}
        noValidate
        style={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}
      >
        <DialogTitle id={id}>{title}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <span />
          {children}
          {error ? <ErrorNotice error={error} /> : null}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{closeLabel}</Button>
          <Button type="submit" variant="contained" color={danger ? 'error' : 'primary'} disabled={busy}>
            {submitLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
