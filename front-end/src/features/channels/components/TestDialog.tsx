import { Alert, Typography } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { FormDialog } from '@/components/FormDialog';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { channelTexts } from '@/config/texts/channels';
import type { Channel, ChannelTested } from '@/lib/types';
import { useChangeChannels } from '../api/channels';

/** Sends a test message and shows what the provider has answered. */
export function TestDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { test } = useChangeChannels();
  const [recipient, setRecipient] = useState('');
  const [text, setText] = useState<string>(channelTexts.testDefault);
  const [hasTried, setHasTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setHasTried(true);
    if (recipient.trim() && text.trim()) test.mutate({ channel, recipient: recipient.trim(), text: text.trim() });
    return Promise.resolve();
  };
  const isMissing = (value: string) => hasTried && !value.trim();
  return (
    <FormDialog
      title={channelTexts.test}
      submitLabel={channelTexts.send}
      closeLabel={texts.common.close}
      busy={test.isPending}
      error={test.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Typography variant="body2" color="textSecondary">
        {channelTexts.testHint}
      </Typography>
      <TextField
        label={channelTexts.recipient}
        autoFocus
        value={recipient}
        error={isMissing(recipient)}
        helperText={isMissing(recipient) ? channelTexts.required : channelTexts.recipientHint}
        onChange={(event) => setRecipient(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 500, autoComplete: 'off', spellCheck: false } }}
      />
      <TextField
        label={channelTexts.testText}
        multiline
        minRows={2}
        value={text}
        error={isMissing(text)}
        helperText={isMissing(text) ? channelTexts.required : ''}
        onChange={(event) => setText(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 1000, dir: 'auto' } }}
      />
      {test.data && !test.isPending && <Result tested={test.data} />}
    </FormDialog>
  );
}

function Result({ tested }: { tested: ChannelTested }) {
  const error = tested.error ?? tested.error_code ?? '';
  if (tested.status === 'sent') return <Alert severity="success">{channelTexts.testSent}</Alert>;
  if (tested.status === 'failed') return <Alert severity="error">{channelTexts.testFailed({ error })}</Alert>;
  return <Alert severity="warning">{channelTexts.testUnknown({ error })}</Alert>;
}
