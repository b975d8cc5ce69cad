import type { Business, Conversation, Me } from '@/lib/types';

/** Who answers the customer's next message. */
export type Handler =
  | 'ai'
  | 'me'
  | 'colleague'
  /** A person must answer, but nobody is assigned. */
  | 'nobody'
  | 'paused'
  | 'businessPaused'
  | 'closed';

type Fields = Pick<Conversation, 'status' | 'handled_by' | 'assignee_id'>;

/** Whether the customer's next message starts a new conversation. */
export function isClosed({ status }: Pick<Conversation, 'status'>): boolean {
  return status === 'completed' || status === 'error';
}

export function handlerOf(conversation: Fields, me: Me, business: Business): Handler {
  if (isClosed(conversation)) return 'closed';
  if (conversation.handled_by === 'human') {
    if (conversation.assignee_id === null) return 'nobody';
    return conversation.assignee_id === me.user?.user_id ? 'me' : 'colleague';
  }
  if (conversation.status === 'paused') return 'paused';
  return business.settings.ai_paused ? 'businessPaused' : 'ai';
}

/** Whether a reply must take the conversation over first. Business keys are not people, so nobody is assigned to them. */
export function needsTakeOver(handler: Handler, me: Me): boolean {
  return handler !== 'me' && !(handler === 'nobody' && !me.user);
}
