import { Box } from '@mui/material';
import { texts } from '@/config/texts';
import { firstWords } from '@/lib/format';
import { shortTime } from '@/lib/time';
import type { Conversation } from '@/lib/types';

interface Props {
  conversation: Pick<Conversation, 'customer_name' | 'last_message' | 'last_updated' | 'status'>;
  withCustomer?: boolean;
}

/** One line by which a conversation in a list is recognised: its date, and the first words of its last message. */
export function ConversationLabel({ conversation, withCustomer = false }: Props) {
  const { customer_name: customer, last_message: last, last_updated: updated, status } = conversation;
  return (
    <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
      {withCustomer && (
        <>
          <bdi>{customer ?? texts.common.unknown}</bdi> ·{' '}
        </>
      )}
      {shortTime(updated)}
      {status !== 'active' && ` · ${texts.conversations.statuses[status] ?? status}`}
      {last && (
        <>
          {' '}
          · <bdi>{firstWords(last.text)}</bdi>
        </>
      )}
    </Box>
  );
}
