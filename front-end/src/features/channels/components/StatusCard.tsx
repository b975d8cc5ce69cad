import { Alert, Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Card } from '@/components/states';
import { Time } from '@/components/Time';
import { channelTexts } from '@/config/texts/channels';
import type { Channel } from '@/lib/types';
import { ChannelStatusChip } from './ChannelStatusChip';

/** Whether a channel works, with its last error, and when messages were last received and sent. */
export function StatusCard({ channel }: { channel: Channel }) {
  const { status } = channel;
  const time = (iso: string | null) => (iso ? <Time iso={iso} full /> : channelTexts.never);
  const rows: [string, ReactNode][] = [
    [channelTexts.lastInbound, time(status.last_inbound_at)],
    [channelTexts.lastSent, time(status.last_sent_at)],
  ];
  return (
    <Card component="section" aria-label={channelTexts.status}>
      <Typography variant="h2" gutterBottom>
        {channelTexts.status} <ChannelStatusChip channel={channel} />
      </Typography>
      {status.last_error && (
        <Alert severity={status.state === 'error' ? 'error' : 'info'} sx={{ mb: 1.5 }}>
          <b>{channelTexts.lastError}</b>
          {status.last_error_at && (
            <>
              {' '}
              (<Time iso={status.last_error_at} full />)
            </>
          )}
          : <bdi>{status.last_error}</bdi>
        </Alert>
      )}
      {status.pending > 0 && (
        <Alert severity="warning" sx={{ mb: 1.5 }}>
          {channelTexts.pending({ n: status.pending })}
        </Alert>
      )}
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 14rem) 1fr', rowGap: 0.5 }}>
        {rows.map(([label, value]) => (
          <Box key={label} sx={{ display: 'contents' }}>
            <Typography component="dt" variant="body2" color="textSecondary">
              {label}
            </Typography>
            <Typography component="dd" variant="body2" sx={{ m: 0 }}>
              {value}
            </Typography>
          </Box>
        ))}
      </Box>
    </Card>
  );
}
