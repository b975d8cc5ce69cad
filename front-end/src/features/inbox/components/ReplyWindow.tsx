import { Box } from '@mui/material';
import { WarningIcon } from '@/components/icons';
import { deliveryTexts } from '@/config/texts/channels';
import { shortTime } from '@/lib/time';
import type { ConversationDetail } from '@/lib/types';
import { useNow } from '@/lib/useNow';

const SOON = 3 * 3_600_000; // milliseconds before the end of the window in which it is shown

/** Says that free text can no longer be sent to the customer of a channel, or only for a short time. */
export function ReplyWindow({ window }: { window: NonNullable<ConversationDetail['reply_window']> }) {
  const now = useNow();
  const left = window.ends_at === null ? 0 : Date.parse(window.ends_at) - now;
  if (left > SOON) return null;
  const isClosed = left <= 0;
  return (
    <Box
      role="note"
      sx={{
        display: 'flex',
        gap: 0.75,
        px: { xs: 1.5, md: 2.5 },
        pt: 1,
        bgcolor: 'background.paper',
        fontSize: '0.8rem',
        color: isClosed ? 'warning.main' : 'text.secondary',
        '& svg': { fontSize: 16, flexShrink: 0, mt: '1px' },
      }}
    >
      <WarningIcon />
      <span>
        {isClosed || window.ends_at === null
          ? deliveryTexts.windowClosed({ hours: window.hours })
          : deliveryTexts.windowEnds({ hours: window.hours, time: shortTime(window.ends_at) })}
      </span>
    </Box>
  );
}
