import { texts } from '@/config/texts';
import { firstWords, isolated } from '@/lib/format';
import { shortTime } from '@/lib/time';
import type { Conversation } from '@/lib/types';

type Labelled = Pick<Conversation, 'customer_name' | 'last_message' | 'last_updated' | 'status'>;

/** One line by which a conversation in a list is recognised: its date, and the first words of its last message. */
export function conversationLabel(conversation: Labelled, { withCustomer = false } = {}): string {
  const { customer_name: customer, last_message: last, last_updated: updated, status } = conversation;
  return [
    withCustomer && isolated(customer ?? texts.common.unknown),
    shortTime(updated),
    status !== 'active' && (texts.conversations.statuses[status] ?? status),
    last && isolated(firstWords(last.text)),
  ]
    .filter(Boolean)
    .join(' · ');
}
