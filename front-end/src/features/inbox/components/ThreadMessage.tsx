import { Box, Button, Stack, Typography } from '@mui/material';
import { type ReactNode, memo } from 'react';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { AssistantIcon, ClockIcon, NoteIcon, WarningIcon, WhyIcon } from '@/components/icons';
import { Time } from '@/components/Time';
import { ActionLines } from '@/components/turn/ActionLines';
import { FailureLink } from '@/components/turn/FailureLink';
import { UsedArticles } from '@/components/turn/UsedArticles';
import { useFolding } from '@/components/turn/useFolding';
import { texts } from '@/config/texts';
import { firstWords } from '@/lib/format';
import type { Message, Turn } from '@/lib/types';
import { DeliveryState } from './DeliveryState';
import { MessageState } from './MessageState';

const AnswerFeedback = loadWhenOpened(async () => (await import('@/components/turn/AnswerFeedback')).AnswerFeedback);

interface Props {
  message: Message;
  turn: Turn | undefined;
  /** Whether the previous message has the same sender, so that the name need not be repeated. */
  continues: boolean;
  isMine: boolean;
  /** Whether a person has written after this message. */
  isBeforeStaff: boolean;
  isSelected: boolean;
  /** Whether no later message has been answered. */
  isLatestTurn: boolean;
  onSelect: (turnId: string) => void;
}

/** A message: the customer's on the left, answers of the assistant and of people on the right, notes across. */
export const ThreadMessage = memo(function ThreadMessage(props: Props) {
  const { message, turn, continues, isMine, isBeforeStaff, isSelected, isLatestTurn, onSelect } = props;
  const from = message.sender_type;
  const isAnswer = from === 'assistant' || from === 'agent';
  const person = isMine ? texts.inbox.you : (message.sender_name ?? texts.inbox.staff);
  return (
    <Box
      component="article"
      data-sender={from}
      data-message={message.message_id}
      sx={{
        alignSelf: from === 'user' ? 'flex-start' : from === 'note' ? 'center' : 'flex-end',
        width: from === 'note' ? '100%' : 'auto',
        maxWidth: from === 'note' ? '100%' : { xs: '88%', md: '78%' },
        minWidth: 0,
        pt: continues ? 0 : 0.75,
      }}
    >
      {!continues && from !== 'user' && (
        <SenderName isAnswer={isAnswer}>
          {from === 'assistant' && <AssistantIcon />}
          {from === 'note' && <NoteIcon />}
          {from === 'assistant' && texts.inbox.assistant}
          {from === 'agent' && <bdi>{person}</bdi>}
          {from === 'note' && (
            <span>
              <b>{isMine ? texts.inbox.myNote : texts.inbox.noteBy({ name: person })}</b> · {texts.inbox.noteOnly}
            </span>
          )}
        </SenderName>
      )}
      <Bubble from={from} isSelected={isSelected} content={message.message_content}>
        <Time iso={message.created_at} />
        {from === 'user' && turn && <QuestionState turn={turn} isBeforeStaff={isBeforeStaff} />}
        {from === 'assistant' && turn && <FailureLink turn={turn} />}
        {from === 'assistant' && message.turn_id && (
          <Button
            size="small"
            startIcon={<WhyIcon />}
            aria-pressed={isSelected}
            aria-label={texts.chat.whyThisAnswer({ text: firstWords(message.message_content) })}
            onClick={() => onSelect(message.turn_id ?? '')}
            sx={{ minWidth: 0, py: 0, fontSize: 'inherit' }}
          >
            {texts.chat.why}
          </Button>
        )}
        {from === 'assistant' && message.turn_id && (
          <Box sx={{ minHeight: 26 }}>
            <AnswerFeedback messageId={message.message_id} feedback={message.feedback} />
          </Box>
        )}
        {message.delivery && <DeliveryState message={message} delivery={message.delivery} />}
        {from === 'assistant' && <UsedArticles message={message} />}
        {from === 'assistant' && turn && <ActionLines actions={turn.actions} isLatest={isLatestTurn} />}
      </Bubble>
    </Box>
  );
});

function SenderName({ isAnswer, children }: { isAnswer: boolean; children: ReactNode }) {
  return (
    <Typography
      variant="caption"
      color="textSecondary"
      component="p"
      sx={{
        display: 'flex',
        alignItems: 'flex-start',
        gap: 0.5,
        px: 0.5,
        mb: 0.25,
        justifyContent: isAnswer ? 'flex-end' : 'flex-start',
        overflowWrap: 'anywhere',
        '& svg': { fontSize: 15, mt: '2px' },
      }}
    >
      {children}
    </Typography>
  );
}

/** What became of a customer's message. Nothing is shown if it was answered. */
function QuestionState({ turn, isBeforeStaff }: { turn: Turn; isBeforeStaff: boolean }) {
  if (turn.status === 'held') {
    if (isBeforeStaff) return null; // a person has answered it
    if (turn.completed_at === null) {
      return (
        <MessageState icon={<ClockIcon />} color="warning.main">
          {texts.inbox.waitingMessage}
        </MessageState>
      );
    }
    return <MessageState>{texts.inbox.unansweredByChoice}</MessageState>;
  }
  if (turn.status !== 'failed') return null;
  if (turn.failure) return <FailureLink turn={turn} />;
  const reason = turn.error?.['message'];
  return (
    <MessageState icon={<WarningIcon />} color="error.main">
      {texts.chat.failed}
      {typeof reason === 'string' && `: ${reason}`}
    </MessageState>
  );
}

const LOOK = {
  user: { bgcolor: 'background.paper', borderColor: 'divider', borderBottomLeftRadius: 4 },
  assistant: {
    bgcolor: 'color-mix(in srgb, var(--mui-palette-primary-main) 9%, var(--mui-palette-background-paper))',
    borderColor: 'transparent',
    borderBottomRightRadius: 4,
  },
  agent: { bgcolor: '#2b5f66', color: '#ffffff', borderColor: '#2b5f66', borderBottomRightRadius: 4 },
  note: {
    bgcolor: 'color-mix(in srgb, var(--mui-palette-warning-main) 10%, var(--mui-palette-background-paper))',
    borderColor: 'warning.main',
    borderStyle: 'dashed',
  },
} as const;

interface BubbleProps {
  from: Message['sender_type'];
  content: string;
  isSelected: boolean;
  /** The line below the text. */
  children: ReactNode;
}

function Bubble({ from, content, isSelected, children }: BubbleProps) {
  const folding = useFolding(content);
  const isRight = from === 'assistant' || from === 'agent';
  return (
    <>
      <Box
        dir="auto"
        sx={{
          px: 1.75,
          py: 1,
          borderRadius: 1.75,
          border: 1,
          width: 'fit-content',
          maxWidth: '100%',
          ml: isRight ? 'auto' : 0,
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
          ...LOOK[from],
          ...(from === 'note' ? { width: '100%' } : {}),
          ...(isSelected ? { borderColor: 'primary.main' } : {}),
          ...folding.styles,
        }}
      >
        {content}
      </Box>
      <Stack
        direction="row"
        useFlexGap
        sx={{
          columnGap: 1,
          px: 0.5,
          mt: 0.25,
          flexWrap: 'wrap',
          alignItems: 'center',
          justifyContent: isRight ? 'flex-end' : 'flex-start',
          color: 'text.secondary',
          fontSize: '0.75rem',
        }}
      >
        {children}
        {folding.button}
      </Stack>
    </>
  );
}
