import type { Command } from '@/components/commands';
import { texts } from '@/config/texts';
import type { Handler } from '../api/handler';
import type { Kind } from './StaffComposer';
import type { ConversationActions } from './useConversationActions';

interface Options {
  handler: Handler;
  isSnoozed: boolean;
  actions: ConversationActions;
  write: (kind: Kind) => void;
}

/** What the command palette offers for the open conversation. */
export function conversationCommands({ handler, isSnoozed, actions, write }: Options): Command[] {
  const note: Command = { id: 'note', label: texts.inbox.shortcuts.note, shortcut: 'n', run: () => write('note') };
  if (handler === 'closed') return [note];
  return [
    { id: 'reply', label: texts.inbox.reply, shortcut: 'r', run: () => write('reply') },
    note,
    ...(handler === 'me' || handler === 'nobody'
      ? [{ id: 'hand-back', label: texts.inbox.handBack, run: actions.handBack }]
      : []),
    ...(handler === 'me' ? [] : [{ id: 'take-over', label: texts.inbox.takeOver, run: () => actions.takeOver() }]),
    ...(handler === 'ai' ? [{ id: 'pause', label: texts.inbox.pause, run: actions.pause }] : []),
    ...(handler === 'paused' ? [{ id: 'resume', label: texts.inbox.resume, run: actions.resume }] : []),
    isSnoozed
      ? { id: 'unsnooze', label: texts.inbox.unsnooze, run: () => actions.snooze(null) }
      : { id: 'snooze', label: `${texts.inbox.snooze}…`, run: actions.chooseSnooze },
    { id: 'close', label: texts.inbox.close, shortcut: 'e', run: actions.close },
  ];
}
