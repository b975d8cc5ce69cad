import { Alert, Button } from '@mui/material';
import { texts } from '@/config/texts';

/** Shown after the user has chosen the other person's version. */
export function ReplacedNotice({ onRestore }: { onRestore: () => void }) {
  return (
    <Alert
      severity="info"
      action={
        <Button size="small" color="inherit" onClick={onRestore}>
          {texts.common.conflictUndo}
        </Button>
      }
    >
      {texts.common.conflictTaken}
    </Alert>
  );
}
