import { Alert, Box, Button, Chip, IconButton, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { Tooltip } from '@/components/Tooltip';
import { SendIcon, StopIcon, WhyIcon } from '@/components/icons';
import { ErrorNotice } from '@/components/states';
import { TextField } from '@/components/TextField';
import { MessageBubble } from '@/components/turn/MessageBubble';
import { TurnPanel } from '@/components/turn/panels';
import { useTurn } from '@/components/turn/useTurn';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { firstWords } from '@/lib/format';
import { randomId } from '@/lib/ids';
import { testCustomersQuery, useCreateCustomer } from '@/lib/testCustomers';
import type { MessageAnswer, StageDetail } from '@/lib/types';

const MAX_SUGGESTIONS = 3;

interface Exchange {
  message: string;
  turnId: string | null;
  /** null if nothing was answered. */
  answer: MessageAnswer | null;
}

interface Props {
  stage: StageDetail;
  /** Whether the stage has changes that are not saved. */
  isDirty: boolean;
  /** Called with the turn of each answer, and with null for a new conversation. */
  onTurn: (turnId: string | null) => void;
}

/** A conversation of a test customer, beside the form of a stage. */
export function TryStage({ stage, isDirty, onTurn }: Props) {
  const customers = useQuery(testCustomersQuery());
  const createCustomer = useCreateCustomer();
  const { sending, error, clearError, send, stop } = useTurn();
  const [text, setText] = useState('');
  const [sessionId, setSessionId] = useState(() => randomId());
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [explained, setExplained] = useState<string | null>(null);
  const isBusy = sending !== null || createCustomer.isPending || customers.isPending;

  const ask = async (message: string) => {
    setText('');
    setExplained(null);
    try {
      const userId =
        customers.data?.[0]?.user_id ??
        (await createCustomer.mutateAsync({ first_name: texts.chat.you, last_name: texts.chat.youTest }));
      const outcome = await send({ user_id: userId, session_id: sessionId, message });
      if (outcome) {
        setExchanges((last) => [...last, { message, turnId: outcome.turnId, answer: outcome.answer }]);
        onTurn(outcome.turnId);
        return;
      }
    } catch {
      // The error of creating the customer is shown.
    }
    setText((now) => now || message);
  };
  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    if (!isBusy && text.trim()) void ask(text.trim());
  };
  return (
    <Paper component="aside" variant="outlined" aria-label={texts.stages.tryIt} sx={{ p: 2, minWidth: 0 }}>
      <Stack spacing={2}>
        <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'center', minHeight: 32 }}>
          <Typography variant="h2">{texts.stages.tryIt}</Typography>
          {exchanges.length > 0 && (
            <Button
              size="small"
              disabled={isBusy}
              onClick={() => {
                setExchanges([]);
                setSessionId(randomId());
                clearError();
                onTurn(null);
              }}
            >
              {texts.chat.newConversation}
            </Button>
          )}
        </Stack>
        {isDirty ? (
          <Alert severity="info" role="note">
            {texts.stages.tryUnsaved}
          </Alert>
        ) : (
          exchanges.length === 0 && (
            <Typography variant="body2" color="textSecondary">
              {texts.stages.tryHint}
            </Typography>
          )
        )}
        {exchanges.length === 0 && stage.example_messages.length > 0 && (
          <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
            {stage.example_messages.slice(0, MAX_SUGGESTIONS).map((each) => (
              <Chip
                key={each}
                variant="outlined"
                size="small"
                label={<bdi>{each}</bdi>}
                disabled={isBusy}
                onClick={() => void ask(each)}
                sx={{ maxWidth: '100%' }}
              />
            ))}
          </Stack>
        )}
        <Stack role="log" aria-label={texts.chat.log} spacing={1.5}>
          {exchanges.map(({ message, turnId, answer }, index) => (
            // eslint-disable-next-line react/no-array-index-key -- messages are only added
            <Stack key={index} spacing={1.5}>
              <MessageBubble from="user" content={message} />
              {answer && (
                <MessageBubble from="assistant" content={answer.response ?? texts.chat.held}>
                  <StageChip answer={answer} stageId={stage.stage_id} />
                  {turnId && (
                    <Button
                      size="small"
                      startIcon={<WhyIcon />}
                      aria-expanded={explained === turnId}
                      aria-label={texts.chat.whyThisAnswer({ text: firstWords(answer.response ?? '') })}
                      onClick={() => setExplained((last) => (last === turnId ? null : turnId))}
                      sx={{ minWidth: 0, py: 0 }}
                    >
                      {texts.chat.why}
                    </Button>
                  )}
                </MessageBubble>
              )}
              {turnId && explained === turnId && <TurnPanel turnId={turnId} templateLink={paths.template} />}
            </Stack>
          ))}
          {sending && (
            <>
              <MessageBubble from="user" content={sending.message} />
              <MessageBubble from="assistant" content={sending.live.reply || '…'} />
            </>
          )}
        </Stack>
        {(error ?? createCustomer.error ?? customers.error) && (
          <ErrorNotice
            error={error ?? createCustomer.error ?? customers.error}
            title={error?.ids['turn_id'] ? texts.chat.failed : texts.errors.actionFailed}
            {...(error ? { onClose: clearError } : {})}
          />
        )}
        <Box component="form" onSubmit={submit} sx={{ display: 'flex', gap: 1, alignItems: 'flex-end' }}>
          <TextField
            multiline
            maxRows={6}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              // While an input method composes a word (Japanese, Chinese, ...), Enter confirms the word.
              if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
            }}
            placeholder={texts.chat.messagePlaceholder}
            slotProps={{ htmlInput: { 'aria-label': texts.chat.message, maxLength: 20_000, dir: 'auto' } }}
          />
          {sending ? (
            <Tooltip title={texts.chat.stop}>
              <IconButton type="button" aria-label={texts.chat.stop} onClick={stop} color="primary">
                <StopIcon />
              </IconButton>
            </Tooltip>
          ) : (
            <IconButton type="submit" aria-label={texts.chat.send} disabled={isBusy || !text.trim()} color="primary">
              <SendIcon />
            </IconButton>
          )}
        </Box>
      </Stack>
    </Paper>
  );
}

/** The stage that answered: this one, or another one. */
function StageChip({ answer, stageId }: { answer: MessageAnswer; stageId: string }) {
  if (!answer.stage) return null;
  const isThis = answer.stage.stage_id === stageId;
  return (
    <Chip
      size="small"
      variant="outlined"
      color={isThis ? 'success' : 'warning'}
      label={isThis ? texts.stages.thisStage : texts.stages.otherStage({ name: answer.stage.stage_name })}
      sx={{ maxWidth: '100%' }}
    />
  );
}
