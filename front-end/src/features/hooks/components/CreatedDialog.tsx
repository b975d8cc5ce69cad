import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useId } from 'react';
import { CopyField } from '@/components/CopyField';
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
        <CopyField label={hookTexts.url} value={created.url} />
        <CopyField label={hookTexts.secret} value={created.secret} copyLabel={hookTexts.copySecret} />
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {texts.common.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
