import {
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  IconButton,
  Stack,
  TextField,
  Typography,
} from '@mui/material';
import { useId } from 'react';
import { CopyIcon } from '@/components/icons';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { hookTexts } from '@/config/texts/hooks';
import type { HookCreated } from '@/lib/types';

/** Shows the URL and the secret of a new hook, once. */
export function CreatedDialog({ created, onClose }: { created: HookCreated; onClose: () => void }) {
  const id = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="sm" fullWidth>
      <DialogTitle id={id}>{hookTexts.createdTitle}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{hookTexts.createdHint}</Typography>
        <Shown label={hookTexts.url} value={created.url} copy={texts.common.copy} />
        <Shown label={hookTexts.secret} value={created.secret} copy={hookTexts.copySecret} />
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {texts.common.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Shown({ label, value, copy }: { label: string; value: string; copy: string }) {
  const notify = useNotify();
  return (
    <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
      <TextField label={label} value={value} slotProps={{ htmlInput: { readOnly: true, spellCheck: false } }} />
      <IconButton
        aria-label={copy}
        onClick={() => void navigator.clipboard.writeText(value).then(() => notify(texts.common.copied))}
      >
        <CopyIcon />
      </IconButton>
    </Stack>
  );
}
