import type { Message, Turn } from '@/lib/types';

export interface Held {
  /** The customer's messages that wait until the conversation is handed back. */
  all: number;
  /** Those that nobody has answered: they are later than the last message of a person. */
  unanswered: number;
}

export function heldMessages(messages: readonly Message[], turns: readonly Turn[]): Held {
  const waiting = new Set(
    turns.filter((each) => each.status === 'held' && each.completed_at === null).map((each) => each.turn_id),
  );
  const held = messages.filter(
    (each) => each.sender_type === 'user' && each.turn_id !== null && waiting.has(each.turn_id),
  );
  const lastOfStaff = messages.findLast((each) => each.sender_type === 'agent')?.seq ?? 0;
  return { all: held.length, unanswered: held.filter((each) => each.seq > lastOfStaff).length };
}
