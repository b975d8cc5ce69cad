import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useId } from 'react';
import { CodeText } from '@/components/CodeText';
import { CopyIcon } from '@/components/icons';
import { useCopy } from '@/components/useCopy';
import { texts } from '@/config/texts';
import { apiKeyTexts } from '@/config/texts/apiKeys';

/** Shows a new key, once. */
export function KeyShownOnce({ apiKey, onClose }: { apiKey: string; onClose: () => void }) {
  const id = useId();
  const copy = useCopy();
  return (
    <Dialog open aria-labelledby={id} maxWidth="sm" fullWidth>
      <DialogTitle id={id}>{apiKeyTexts.shownTitle}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{apiKeyTexts.shownHint}</Typography>
        <CodeText label={apiKeyTexts.key} text={apiKey} />
      </DialogContent>
      <DialogActions>
        <Button startIcon={<CopyIcon />} onClick={() => copy(apiKey)}>
          {texts.common.copy}
        </Button>
        <Button variant="contained" onClick={onClose}>
          {apiKeyTexts.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
