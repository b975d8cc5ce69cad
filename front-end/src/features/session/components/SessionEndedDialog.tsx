import { Dialog, DialogContent, DialogTitle, Typography } from '@mui/material';
import { texts } from '@/config/texts';
import type { Me } from '@/lib/types';
import { SignIn } from './SignIn';

interface Props {
  /** The user of the ended session; selects the sign-in method. */
  me: Me;
  businessId: string;
  onDone: (me: Me) => void;
}

/** Asks to sign in again. The page behind it keeps its unsaved changes. */
export default function SessionEndedDialog({ me, businessId, onDone }: Props) {
  return (
    <Dialog open aria-labelledby="ended-title" fullWidth maxWidth="xs">
      <DialogTitle id="ended-title">{texts.login.ended}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{texts.login.endedHint}</Typography>
        <SignIn businessId={businessId} start={me.kind === 'login' ? 'email' : 'key'} onDone={onDone} />
      </DialogContent>
    </Dialog>
  );
}
