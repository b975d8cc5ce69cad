import { Box, Stack, Typography } from '@mui/material';
import { Fragment, useEffect, useMemo } from 'react';
import { AssistantIcon } from '@/components/icons';
import { Empty } from '@/components/states';
import { EarlierMessages, useKeepPosition } from '@/components/turn/EarlierMessages';
import { useStickToBottom } from '@/components/useStickToBottom';
import { texts } from '@/config/texts';
import type { Earlier } from '@/lib/thread';
import { dayOf } from '@/lib/time';
import type { Message, Turn } from '@/lib/types';
import { useNow } from '@/lib/useNow';
import { ScheduledMessages } from './ScheduledMessages';
import { ThreadMessage } from './ThreadMessage';

interface Props {
  conversationId: string;
  messages: readonly Message[];
  turns: readonly Turn[];
  /** Loads earlier messages; null if there are none. */
  earlier: Earlier | null;
  /** The ID of the signed-in user, or null. */
  myId: string | null;
  selected: string | null;
  onSelect: (turnId: string) => void;
  /** Whether to focus the messages: on a phone they replace the list, which had the focus. */
  takesFocus: boolean;
}

const PAUSE = 5 * 60_000; // milliseconds after which the sender's name is repeated

const THREAD_ID = 'inbox-thread';

/** Moves the focus from the text field to the messages, where the shortcuts work. */
export function focusThread(): void {
  document.getElementById(THREAD_ID)?.focus();
}

/** The messages of a conversation with its notes, oldest first. */
export function Thread({ conversationId, messages, turns, earlier, myId, selected, onSelect, takesFocus }: Props) {
  const { frame, content, scrollToBottom } = useStickToBottom();
  useKeepPosition(frame, messages[0]?.message_id);
  const now = useNow(60_000);
  const byId = useMemo(() => new Map(turns.map((each) => [each.turn_id, each])), [turns]);
  const lastOfStaff = messages.findLast((each) => each.sender_type === 'agent')?.seq ?? 0;
  const last = messages.at(-1);
  const mySeq = myId !== null && last?.sender_user_id === myId ? last.seq : null;
  useEffect(() => {
    if (mySeq !== null) scrollToBottom();
  }, [mySeq, scrollToBottom]);
  useEffect(() => {
    if (takesFocus) focusThread();
  }, [takesFocus]);
  const isAnswering = turns.some((each) => each.status === 'running' || each.status === 'accepted');
  return (
    <Box
      ref={frame}
      id={THREAD_ID}
      tabIndex={0}
      role="region"
      aria-label={texts.inbox.thread}
      sx={{
        flex: '1 1 0',
        minHeight: 0,
        overflowY: 'auto',
        overscrollBehavior: 'contain',
        overflowAnchor: 'none',
        bgcolor: 'background.default',
        '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: -2 },
      }}
    >
      <Stack
        ref={content}
        spacing={1}
        role="log"
        aria-label={texts.chat.log}
        tabIndex={-1}
        sx={{ px: { xs: 1.5, md: 2.5 }, py: 2, outline: 'none' }}
      >
        {!messages.length && <Empty title={texts.conversations.noMessages} />}
        {earlier && <EarlierMessages earlier={earlier} frame={frame} />}
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const isNewDay = !before || dayKey(before.created_at) !== dayKey(message.created_at);
          return (
            <Fragment key={message.message_id}>
              {isNewDay && <Day iso={message.created_at} now={now} />}
              <ThreadMessage
                message={message}
                turn={message.turn_id ? byId.get(message.turn_id) : undefined}
                continues={!isNewDay && before !== undefined && isContinued(before, message)}
                isMine={myId !== null && message.sender_user_id === myId}
                isBeforeStaff={message.seq < lastOfStaff}
                isSelected={
                  message.turn_id !== null && message.turn_id === selected && message.sender_type === 'assistant'
                }
                isLatestTurn={message.turn_id !== null && message.turn_id === turns.at(-1)?.turn_id}
                onSelect={onSelect}
              />
            </Fragment>
          );
        })}
        {isAnswering && (
          <Typography
            variant="caption"
            color="textSecondary"
            sx={{ alignSelf: 'flex-end', display: 'inline-flex', alignItems: 'center', gap: 0.5, px: 0.5 }}
          >
            <AssistantIcon sx={{ fontSize: 15 }} />
            {texts.inbox.handler.aiBusy}
          </Typography>
        )}
        <ScheduledMessages conversationId={conversationId} />
      </Stack>
    </Box>
  );
}

function Day({ iso, now }: { iso: string; now: number }) {
  const today = new Date(now).toDateString();
  const yesterday = new Date(now - 24 * 3600_000).toDateString();
  const key = dayKey(iso);
  return (
    <Typography variant="caption" color="textSecondary" component="p" sx={{ textAlign: 'center', py: 0.5 }}>
      {key === today ? texts.inbox.today : key === yesterday ? texts.inbox.yesterday : dayOf(iso)}
    </Typography>
  );
}

/** Whether two messages have the same sender and are close to each other. */
function isContinued(before: Message, message: Message): boolean {
  return (
    before.sender_type === message.sender_type &&
    before.sender_user_id === message.sender_user_id &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < PAUSE
  );
}

function dayKey(iso: string): string {
  return new Date(iso).toDateString();
}
