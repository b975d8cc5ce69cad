import { Chip } from '@mui/material';
import { channelTexts } from '@/config/texts/channels';
import type { Channel } from '@/lib/types';

const COLOURS = { unused: 'info', ok: 'success', error: 'error', disabled: 'default' } as const;

/** Whether a channel works. */
export function ChannelStatusChip({ channel }: { channel: Channel }) {
  const { state } = channel.status;
  return (
    <Chip
      size="small"
      variant={state === 'error' ? 'filled' : 'outlined'}
      color={COLOURS[state]}
      label={channelTexts.states[state] ?? state}
    />
  );
}
