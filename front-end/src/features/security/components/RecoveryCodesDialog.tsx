import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useId } from 'react';
import { CodeText } from '@/components/CodeText';
import { CopyIcon } from '@/components/icons';
import { useCopy } from '@/components/useCopy';
import { texts } from '@/config/texts';
import { securityTexts } from '@/config/texts/security';

const own = securityTexts.totp;

/** Shows new recovery codes, once. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const id = useId();
  const copy = useCopy();
  const text = codes.join('\n');
  return (
    <Dialog open aria-labelledby={id} maxWidth="xs" fullWidth>
      <DialogTitle id={id}>{own.codesTitle}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{own.codesHint}</Typography>
        <CodeText label={own.codes} text={text} />
      </DialogContent>
      <DialogActions>
        <Button startIcon={<CopyIcon />} onClick={() => copy(text)}>
          {texts.common.copy}
        </Button>
        <Button variant="contained" onClick={onClose}>
          {own.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
