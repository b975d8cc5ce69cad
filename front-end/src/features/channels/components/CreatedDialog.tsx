import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useId } from 'react';
import { CopyField } from '@/components/CopyField';
import { channelTexts } from '@/config/texts/channels';
import type { ChannelCreated, ChannelKind } from '@/lib/types';

interface Props {
  created: ChannelCreated;
  kind: ChannelKind;
  onClose: () => void;
}

/** Shows the webhook URL and the generated secrets of a new channel, once. */
export function CreatedDialog({ created, kind, onClose }: Props) {
  const id = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="sm" fullWidth>
      <DialogTitle id={id}>{channelTexts.createdTitle}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{channelTexts.createdHint}</Typography>
        {kind.capabilities.pushes && (
          <CopyField label={channelTexts.webhookUrl} value={created.webhook_url} copyLabel={channelTexts.copyUrl} />
        )}
        {Object.entries(created.secrets).map(([name, value]) => {
          const title = kind.secrets.find((each) => each.name === name)?.title ?? name;
          return (
            <CopyField key={name} label={title} value={value} copyLabel={channelTexts.copySecret({ name: title })} />
          );
        })}
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {channelTexts.continue}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
