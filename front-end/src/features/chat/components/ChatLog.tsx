import { Button, Paper, Typography } from '@mui/material';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, type Ref, type RefObject, Suspense, lazy, useState } from 'react';
import { AgainIcon } from '@/components/icons';
import { ErrorNotice, Loading } from '@/components/states';
import { useKeepPosition } from '@/components/turn/EarlierMessages';
import { MessageBubble } from '@/components/turn/MessageBubble';
import { Messages } from '@/components/turn/Messages';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import type { Earlier } from '@/lib/thread';
import type { Message, Turn } from '@/lib/types';
import type { Sending } from '@/components/turn/useTurn';
import { withTexts } from '@/config/translate';

const AskAgainDialog = lazy(() => withTexts(import('./AskAgainDialog')));

interface Props {
  /** The query of the conversation's messages; null for a new conversation. */
  messages: UseInfiniteQueryResult<Message[]> | null;
  earlier: Earlier | null;
  turns: readonly Turn[];
  stageNames: ReadonlyMap<string, string>;
  /** The message that is being answered. */
  sending: Sending | null;
  isBusy: boolean;
  selected: string | null;
  onSelect: (turnId: string) => void;
  onRetry: (turnId: string, message: string) => void;
  /** Opens the steps of the running turn, where they are not visible beside the log. */
  onShowSteps: (() => void) | null;
  /** Shown instead of messages. */
  empty: ReactNode;
  frame: RefObject<HTMLDivElement | null>;
  content: Ref<HTMLDivElement>;
}

/** The messages of the conversation, and the answer that the model is writing. */
export function ChatLog({
  messages,
  earlier,
  turns,
  stageNames,
  sending,
  isBusy,
  selected,
  onSelect,
  onRetry,
  onShowSteps,
  empty,
  frame,
  content,
}: Props) {
  const { canSendMessages } = useSession();
  const [again, setAgain] = useState<{ question: Message; answer: Message } | null>(null);
  const rows = messages?.data ?? [];
  useKeepPosition(frame, rows[0]?.message_id);
  const lastUserMessage = rows.findLast((each) => each.sender_type === 'user');
  const isStored = (from: Message['sender_type']) =>
    sending?.live.turnId && rows.some((each) => each.turn_id === sending.live.turnId && each.sender_type === from);
  const actionOf = (message: Message, turn: Turn | undefined) => {
    if (!canSendMessages || isBusy) return null;
    if (message === lastUserMessage && turn?.status === 'failed') {
      return (
        <Again
          label={texts.common.retry}
          hint={texts.chat.tryAgainHint}
          onClick={() => onRetry(turn.turn_id, message.message_content)}
        />
      );
    }
    const question = rows.find((each) => each.sender_type === 'user' && each.turn_id === message.turn_id);
    if (message.sender_type !== 'assistant' || !turn || !question) return null;
    return (
      <Again
        label={texts.chat.askAgain}
        hint={texts.chat.askAgainHint}
        onClick={() => setAgain({ question, answer: message })}
      />
    );
  };
  return (
    <Paper
      variant="outlined"
      ref={frame}
      sx={{ flexGrow: 1, minHeight: 200, overflowY: 'auto', overflowAnchor: 'none', p: 2 }}
    >
      <div ref={content}>
        {messages?.error && (
          <ErrorNotice title={texts.errors.title} error={messages.error} onRetry={() => void messages.refetch()} />
        )}
        {messages?.isPending && !messages.error && <Loading />}
        {!sending && rows.length === 0 && !messages?.isFetching && !messages?.error && empty}
        <Messages
          messages={rows}
          turns={turns}
          stageNames={stageNames}
          selected={selected}
          onSelect={onSelect}
          actionsOf={actionOf}
          earlier={earlier}
          frame={frame}
        >
          {sending && !isStored('user') && <MessageBubble from="user" content={sending.message} />}
          {sending?.live.status === 'running' && !isStored('assistant') && (
            <MessageBubble from="assistant" content={sending.live.reply || '…'}>
              <Typography variant="caption" color="textSecondary">
                {texts.chat.answering}
              </Typography>
              {onShowSteps && (
                <Button size="small" onClick={onShowSteps} sx={{ minWidth: 0, py: 0 }}>
                  {texts.chat.openFlow}
                </Button>
              )}
            </MessageBubble>
          )}
        </Messages>
      </div>
      {again && (
        <Suspense>
          <AskAgainDialog {...again} onClose={() => setAgain(null)} />
        </Suspense>
      )}
    </Paper>
  );
}

function Again({ label, hint, onClick }: { label: string; hint: string; onClick: () => void }) {
  return (
    <Button size="small" startIcon={<AgainIcon />} title={hint} onClick={onClick} sx={{ minWidth: 0, py: 0 }}>
      {label}
    </Button>
  );
}
