/** The types of the inbox. */

import type { Conversation } from '@/lib/types';

export type LastMessage = NonNullable<Conversation['last_message']>;

export interface CannedReply {
  canned_reply_id: string;
  shortcut: string;
  title: string;
  content: string;
}
