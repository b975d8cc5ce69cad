/** The types of the inbox. */

import type { Conversation, ConversationDetail, Message, Turn } from '@/lib/types';

export interface LastMessage {
  seq: number;
  sender_type: 'user' | 'assistant' | 'agent';
  sender_name: string | null;
  /** The first 200 characters. */
  text: string;
  created_at: string;
  turn_id: string | null;
  engine: string | null;
  failure?: Turn['failure'];
}

interface InboxFields {
  assignee_id: string | null;
  assignee_name: string | null;
  customer_name: string | null;
  /** When the oldest unanswered customer message was sent; null if none waits. */
  waiting_since: string | null;
  needs_person: boolean;
  needs_person_reason: string | null;
  snoozed_until: string | null;
  tags: string[];
  unread: number;
  is_test: boolean;
  last_message: LastMessage | null;
}

export type InboxConversation = Conversation & InboxFields;
export type InboxDetail = ConversationDetail & InboxFields;
export type InboxMessage = Omit<Message, 'sender_type'> & {
  sender_type: 'user' | 'assistant' | 'agent' | 'note';
  sender_name: string | null;
};

export interface CannedReply {
  canned_reply_id: string;
  shortcut: string;
  title: string;
  content: string;
}
