import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useId } from 'react';
import { CodeText } from '@/components/CodeText';
import { CopyIcon } from '@/components/icons';
import { useCopy } from '@/components/useCopy';
import { texts } from '@/config/texts';
import { webhookTexts } from '@/config/texts/webhooks';

/** Shows the signing secret of a new webhook, once. */
export function SecretShownOnce({ secret, onClose }: { secret: string; onClose: () => void }) {
  const id = useId();
  const copy = useCopy();
  return (
    <Dialog open aria-labelledby={id} maxWidth="sm" fullWidth>
      <DialogTitle id={id}>{webhookTexts.secretTitle}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{webhookTexts.secretHint}</Typography>
        <CodeText label={webhookTexts.secret} text={secret} />
      </DialogContent>
      <DialogActions>
        <Button startIcon={<CopyIcon />} onClick={() => copy(secret)}>
          {texts.common.copy}
        </Button>
        <Button variant="contained" onClick={onClose}>
          {webhookTexts.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
