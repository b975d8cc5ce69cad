import { Button, Stack, Typography } from '@mui/material';
import { type ReactNode, type RefObject, useMemo } from 'react';
import { texts } from '@/config/texts';
import { firstWords } from '@/lib/format';
import { formatPercent } from '@/lib/intl';
import type { Earlier } from '@/lib/thread';
import type { Message, Turn } from '@/lib/types';
import { Time } from '../Time';
import { WhyIcon } from '../icons';
import { ActionLines } from './ActionLines';
import { EarlierMessages } from './EarlierMessages';
import { FailureLink } from './FailureLink';
import { MessageBubble } from './MessageBubble';
import { UsedArticles } from './UsedArticles';

interface Props {
  messages: readonly Message[];
  turns: readonly Turn[];
  stageNames: ReadonlyMap<string, string>;
  /** The ID of the turn whose steps are shown. */
  selected: string | null;
  onSelect: (turnId: string) => void;
  /** Further actions for a message. */
  actionsOf?: (message: Message, turn: Turn | undefined) => ReactNode;
  /** Loads earlier messages; null if there are none. */
  earlier?: Earlier | null;
  /** The element that scrolls, if it is not the page. */
  frame?: RefObject<HTMLElement | null>;
  children?: ReactNode;
}

/** The messages of a conversation, oldest first. Each answer has a button that shows the steps behind it. */
export function Messages(props: Props) {
  const { messages, turns, stageNames, selected, onSelect, actionsOf, earlier, frame, children } = props;
  const byId = useMemo(() => new Map(turns.map((each) => [each.turn_id, each])), [turns]);
  return (
    <Stack role="log" aria-label={texts.chat.log} tabIndex={-1} spacing={1.5} sx={{ outline: 'none' }}>
      {earlier && <EarlierMessages earlier={earlier} {...(frame && { frame })} />}
      {messages.map((message) => {
        const turn = message.turn_id ? byId.get(message.turn_id) : undefined;
        const failed = message.sender_type === 'user' && turn?.status === 'failed';
        return (
          <MessageBubble
            key={message.message_id}
            id={message.message_id}
            from={message.sender_type}
            content={message.message_content}
            isSelected={message.turn_id !== null && message.turn_id === selected && message.sender_type !== 'user'}
          >
            <Typography variant="caption" color="textSecondary">
              {message.sender_name && (
                <>
                  <bdi>{message.sender_name}</bdi>{' '}
                </>
              )}
              <Time iso={message.created_at} />
            </Typography>
            {message.sender_type === 'assistant' && turn && <AnswerInfo turn={turn} stageNames={stageNames} />}
            {message.sender_type === 'assistant' && <UsedArticles message={message} />}
            {turn && (failed || message.sender_type === 'assistant') && <FailureLink turn={turn} />}
            {failed && (
              <Typography variant="caption" color="error" sx={{ overflowWrap: 'anywhere' }}>
                {texts.chat.failed}
                {reasonOf(turn) && `: ${reasonOf(turn)}`}
              </Typography>
            )}
            {message.sender_type === 'user' && turn && ['held', 'accepted', 'running'].includes(turn.status) && (
              <Typography variant="caption" color="warning">
                {texts.turn.status[turn.status]}
              </Typography>
            )}
            {message.turn_id && (message.sender_type === 'assistant' || failed) && (
              <Button
                size="small"
                startIcon={<WhyIcon />}
                aria-pressed={message.turn_id === selected}
                aria-label={texts.chat.whyThisAnswer({ text: firstWords(message.message_content) })}
                onClick={() => onSelect(message.turn_id ?? '')}
                sx={{ minWidth: 0, py: 0 }}
              >
                {texts.chat.why}
              </Button>
            )}
            {actionsOf?.(message, turn)}
            {message.sender_type === 'assistant' && turn && (
              <ActionLines actions={turn.actions} isLatest={turn === turns.at(-1)} />
            )}
          </MessageBubble>
        );
      })}
      {children}
    </Stack>
  );
}

function AnswerInfo({ turn, stageNames }: { turn: Turn; stageNames: ReadonlyMap<string, string> }) {
  const stage = turn.stage_id ? stageNames.get(turn.stage_id) : undefined;
  const parts = [
    turn.confidence === null ? undefined : formatPercent(turn.confidence),
    turn.engine && turn.engine !== 'model' ? (texts.turn.engines[turn.engine] ?? turn.engine) : undefined,
  ].filter(Boolean);
  return (
    <Typography variant="caption" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
      {stage && <bdi>{stage}</bdi>}
      {stage && parts.length > 0 && ' · '}
      {parts.join(' · ')}
    </Typography>
  );
}

function reasonOf(turn: Turn | undefined): string | null {
  const message = turn?.error?.['message'];
  return typeof message === 'string' ? message : null;
}
