import { Box, Button, Stack, Typography } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { FormDialog } from '@/components/FormDialog';
import { useNotify } from '@/components/notify';
import { Card } from '@/components/states';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { channelTexts } from '@/config/texts/channels';
import type { Channel, ChannelKind } from '@/lib/types';
import { useChangeChannels } from '../api/channels';

type Secret = ChannelKind['secrets'][number];

/** The secrets of a channel, which can be replaced but not read. */
export function SecretsCard({ channel, kind }: { channel: Channel; kind: ChannelKind }) {
  const [replacing, setReplacing] = useState<Secret | null>(null);
  if (!kind.secrets.length) return null;
  return (
    <Card component="section" aria-label={channelTexts.secrets}>
      <Typography variant="h2" gutterBottom>
        {channelTexts.secrets}
      </Typography>
      <Typography variant="body2" color="textSecondary" gutterBottom>
        {channelTexts.secretsHint}
      </Typography>
      <Stack component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {kind.secrets.map((each) => (
          <Stack
            component="li"
            key={each.name}
            direction="row"
            sx={{ gap: 1, py: 1, alignItems: 'center', '& + &': { borderTop: 1, borderColor: 'divider' } }}
          >
            <Box sx={{ flexGrow: 1, minWidth: 0 }}>
              <Typography sx={{ fontWeight: 600 }}>{each.title}</Typography>
              <Typography variant="body2" color="textSecondary">
                <bdi>{each.description}</bdi> <b>{stateOf(each, channel)}</b>
              </Typography>
            </Box>
            <Button aria-label={channelTexts.replaceSecretOf({ name: each.title })} onClick={() => setReplacing(each)}>
              {channelTexts.replaceSecret}
            </Button>
          </Stack>
        ))}
      </Stack>
      {replacing && <ReplaceDialog channel={channel} secret={replacing} onClose={() => setReplacing(null)} />}
    </Card>
  );
}

function ReplaceDialog({ channel, secret, onClose }: { channel: Channel; secret: Secret; onClose: () => void }) {
  const notify = useNotify();
  const { update } = useChangeChannels();
  const [value, setValue] = useState('');
  const [hasTried, setHasTried] = useState(false);
  const isMissing = hasTried && !value.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setHasTried(true);
    if (value.trim()) {
      update.mutate(
        { channel, values: { secrets: { [secret.name]: value.trim() } } },
        {
          onSuccess: () => {
            notify(channelTexts.secretReplaced);
            onClose();
          },
        },
      );
    }
    return Promise.resolve();
  };
  return (
    <FormDialog
      title={channelTexts.replaceSecretOf({ name: secret.title })}
      submitLabel={texts.common.save}
      busy={update.isPending}
      error={update.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={channelTexts.secretValue}
        type="password"
        autoFocus
        value={value}
        error={isMissing}
        helperText={isMissing ? channelTexts.required : <bdi>{secret.description}</bdi>}
        onChange={(event) => setValue(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 4000, autoComplete: 'new-password', spellCheck: false } }}
      />
    </FormDialog>
  );
}

function stateOf(secret: Secret, channel: Channel): string {
  if (channel.secrets_set.includes(secret.name)) return channelTexts.secretSet;
  return secret.required ? channelTexts.secretMissing : channelTexts.secretOptional;
}
