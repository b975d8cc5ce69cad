import type { CannedReply } from '@/lib/types';

const MAX_CHOICES = 8;

type Searchable = Pick<CannedReply, 'shortcut' | 'title' | 'content'>;

export interface Slash {
  /** The position of the slash. */
  start: number;
  /** What was typed after it. */
  typed: string;
}

/** The `/` at the start of a word before the caret, with what follows it; null if there is none. */
export function slashBefore(text: string, caret: number): Slash | null {
  const found = /(?:^|\s)\/([^\s/]*)$/u.exec(text.slice(0, caret));
  return found ? { start: caret - (found[1] ?? '').length - 1, typed: found[1] ?? '' } : null;
}

/** The canned replies whose shortcut, title or text contains what was typed; shortcuts that start with it come first. */
export function matchingReplies<Reply extends Searchable>(replies: readonly Reply[], typed: string): Reply[] {
  const words = typed.toLowerCase();
  const rank = (reply: Reply) => {
    if (reply.shortcut.startsWith(words)) return 0; // shortcuts are stored in lower case
    if (reply.shortcut.includes(words) || reply.title.toLowerCase().includes(words)) return 1;
    return reply.content.toLowerCase().includes(words) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter((each) => each.rank < 3)
    .toSorted((a, b) => a.rank - b.rank || a.reply.shortcut.localeCompare(b.reply.shortcut))
    .slice(0, MAX_CHOICES)
    .map((each) => each.reply);
}
