import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useId } from 'react';
import { texts } from '@/config/texts';
import { fullTime } from '@/lib/time';
import { CopyField } from './CopyField';

export interface PersonalLink {
  /** Null if the link was mailed. */
  url: string | null;
  expires_at: string;
  /** The name of the person who receives the link. */
  name: string;
}

/** Shows a link that the user sends to a person, once, or says that it was mailed. */
export function LinkDialog({ link, onClose }: { link: PersonalLink; onClose: () => void }) {
  const id = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="sm" fullWidth>
      <DialogTitle id={id}>
        {link.url ? texts.common.linkTitle({ name: link.name }) : texts.common.linkMailedTitle({ name: link.name })}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>
          {link.url
            ? texts.common.linkHint({ until: fullTime(link.expires_at) })
            : texts.common.linkMailedHint({ until: fullTime(link.expires_at) })}
        </Typography>
        {link.url && <CopyField label={texts.common.link} value={link.url} />}
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {texts.common.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
