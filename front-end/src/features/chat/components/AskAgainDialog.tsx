import {
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Stack,
  Typography,
  useMediaQuery,
  useTheme,
} from '@mui/material';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { Link } from 'react-router';
import { ErrorNotice } from '@/components/states';
import { MessageBubble } from '@/components/turn/MessageBubble';
import { TurnFlow } from '@/components/turn/TurnFlow';
import { TurnPanel } from '@/components/turn/TurnPanel';
import { stepsOfLiveTurn } from '@/components/turn/turnSteps';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useCopyConversation } from '@/lib/copies';
import type { Message } from '@/lib/types';
import { useTurn } from '@/components/turn/useTurn';

interface Props {
  /** The customer's message that is asked again. */
  question: Message;
  /** The answer that it has received. */
  answer: Message;
  onClose: () => void;
}

/** Asks again in a copy of the conversation that ends before the question, and shows both answers side by side. */
export default function AskAgainDialog({ question, answer, onClose }: Props) {
  const id = useId();
  const copy = useCopyConversation();
  const { sending, error, send, stop } = useTurn();
  const [outcome, setOutcome] = useState<{ userId: string; conversationId: string; turnId: string | null } | null>(
    null,
  );
  const [reply, setReply] = useState<string | null>(null);
  const { mutateAsync } = copy;
  const ask = useCallback(async () => {
    setOutcome(null);
    setReply(null);
    const made = await mutateAsync({ conversationId: question.conversation_id, untilSeq: question.seq - 1 });
    const now = { userId: made.user_id, conversationId: made.conversation_id };
    const sent = await send({
      user_id: made.user_id,
      conversation_id: made.conversation_id,
      message: question.message_content,
    });
    setReply(sent?.reply ?? null);
    setOutcome({ ...now, turnId: sent?.turnId ?? null });
  }, [mutateAsync, question, send]);
  const hasStarted = useRef(false);
  useEffect(() => {
    if (hasStarted.current) return;
    hasStarted.current = true;
    ask().catch(() => undefined); // `copy.error` is shown
  }, [ask]);
  const isWide = useMediaQuery(useTheme().breakpoints.up('md'));
  const isBusy = copy.isPending || sending !== null;
  const problem = copy.error ?? error;
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="lg">
      <DialogTitle id={id}>{texts.chat.askAgain}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography variant="body2" color="textSecondary">
          {texts.chat.askAgainHint}
        </Typography>
        <Stack>
          <MessageBubble from="user" content={question.message_content} />
        </Stack>
        <Box
          sx={{
            display: 'grid',
            gap: 2.5,
            alignItems: 'start',
            gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' },
          }}
        >
          <Stack component="section" spacing={1.5} aria-label={texts.chat.answerBefore}>
            <Typography variant="h3">{texts.chat.answerBefore}</Typography>
            <MessageBubble from="assistant" content={answer.message_content} />
            {/* On a phone, the new answer would be far below the steps. They are also behind "Why?". */}
            {answer.turn_id && isWide && <TurnPanel turnId={answer.turn_id} templateLink={paths.template} />}
          </Stack>
          <Stack component="section" spacing={1.5} aria-label={texts.chat.answerNow} aria-busy={isBusy}>
            <Typography variant="h3">{texts.chat.answerNow}</Typography>
            {isBusy && <MessageBubble from="assistant" content={sending?.live.reply || '…'} />}
            {reply !== null && <MessageBubble from="assistant" content={reply} />}
            {outcome && reply === null && !problem && (
              <Typography variant="body2" color="textSecondary">
                {texts.chat.held}
              </Typography>
            )}
            {problem && <ErrorNotice error={problem} />}
            {sending && <TurnFlow steps={stepsOfLiveTurn(sending.live)} turn={null} templateLink={String} />}
            {outcome?.turnId && <TurnPanel turnId={outcome.turnId} templateLink={paths.template} />}
          </Stack>
        </Box>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{texts.common.close}</Button>
        {outcome && (
          <Button component={Link} to={paths.chatWith(outcome.userId, outcome.conversationId)} onClick={onClose}>
            {texts.chat.openCopy}
          </Button>
        )}
        {isBusy ? (
          <Button variant="contained" onClick={stop} disabled={!sending}>
            {texts.chat.stop}
          </Button>
        ) : (
          <Button variant="contained" onClick={() => void ask().catch(() => undefined)}>
            {texts.chat.askOnceMore}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
