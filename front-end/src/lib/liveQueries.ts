/** Which queries a frame makes out of date, and a queue that reads them again. */

import type { QueryKey } from '@tanstack/react-query';
import type { Frame } from './live';

export interface Outdated {
  queryKey: QueryKey;
  /** Only the query with this key; otherwise also those whose key starts with it. */
  exact?: boolean;
}

/** The queries that frames keep up to date. */
export const LIVE_QUERIES: readonly Outdated[] = [
  { queryKey: ['conversation'] },
  { queryKey: ['conversations'] },
  { queryKey: ['turn'] },
  { queryKey: ['llm-calls'] },
  { queryKey: ['model-status'] },
];

export function outdatedBy(frame: Frame): Outdated[] {
  const conversation = frame.conversation_id ? ['conversation', frame.conversation_id] : ['conversation'];
  const detail = { queryKey: conversation, exact: true };
  const messages = { queryKey: [...conversation, 'messages'] };
  const turns = { queryKey: [...conversation, 'turns'] };
  const turn = { queryKey: frame.turn_id ? ['turn', frame.turn_id] : ['turn'] };
  const scheduled = { queryKey: [...conversation, 'scheduled'] };
  const lists = { queryKey: ['conversations'] };
  switch (frame.type) {
    case 'message.created':
      // A message that has waited for the end of quiet hours is one of the assistant.
      return [messages, ...(frame.sender_type === 'assistant' ? [scheduled] : []), detail, lists];
    case 'message.changed':
      return [messages, { queryKey: ['feedback'] }];
    case 'turn.started':
      return [turns, turn];
    case 'turn.step':
      return [turn];
    case 'turn.finished':
    case 'turn.held':
    case 'turn.failed':
      return [turns, turn, detail, lists];
    case 'conversation.changed':
      return [detail, turns, { queryKey: [...conversation, 'takeovers'] }, scheduled, lists];
    case 'customer.deleted':
      // Of copies, neither the customer nor the conversations are named.
      return [{ queryKey: ['conversation'] }, lists, { queryKey: ['user'] }, { queryKey: ['users'] }];
    case 'members.changed':
      return [
        { queryKey: ['team'] },
        { queryKey: ['assignees'] },
        { queryKey: ['agents'] },
        { queryKey: ['conversation'] },
        lists,
      ];
    case 'call.recorded':
      return [{ queryKey: ['llm-calls'] }, { queryKey: ['model-status'] }];
    case 'budget.reached':
      return [{ queryKey: ['budget'] }];
    default:
      return [];
  }
}

// Milliseconds between the end of a reload and the next one of the same query.
const MIN_PAUSE = 250;
const MAX_PAUSE = 5_000; // also after a reload that took minutes, because the browser was offline

/**
 * Reloads queries, each one at a time. What becomes out of date during a reload is reloaded afterwards, instead of
 * cancelling it: otherwise a busy business's lists would never finish loading. The pause after a reload grows with its
 * duration.
 */
export class ReloadQueue {
  private readonly running = new Map<string, { again: boolean }>();
  private readonly reload: (outdated: Outdated) => Promise<unknown>;

  constructor(reload: (outdated: Outdated) => Promise<unknown>) {
    this.reload = reload;
  }

  add(all: readonly Outdated[]): void {
    const byKey = new Map(all.map((each) => [JSON.stringify(each), each]));
    for (const [key, each] of byKey) {
      const run = this.running.get(key);
      if (run) run.again = true;
      else void this.run(key, each);
    }
  }

  private async run(key: string, outdated: Outdated): Promise<void> {
    const run = { again: false };
    this.running.set(key, run);
    const start = Date.now();
    await this.reload(outdated).catch(() => undefined); // the query shows its own error
    const pause = Math.min(MAX_PAUSE, Math.max(MIN_PAUSE, 2 * (Date.now() - start)));
    setTimeout(() => {
      this.running.delete(key);
      if (run.again) this.add([outdated]);
    }, pause);
  }
}
