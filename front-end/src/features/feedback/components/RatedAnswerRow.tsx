import { Box, Button, IconButton, Link, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router';
import { Time } from '@/components/Time';
import { CloseIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { Rated } from '@/components/turn/AnswerFeedback';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { feedbackTexts } from '@/config/texts/feedback';
import { useRateAnswer, useResolveFeedback, useSaveAsArticle } from '@/lib/feedback';
import { firstWords } from '@/lib/format';
import { useSession } from '@/lib/session';
import { useCreateTestCase } from '@/lib/testCases';
import type { RatedAnswer } from '@/lib/types';
import { StageMove } from './StageMove';

const FeedbackDialog = loadWhenOpened(async () => (await import('@/components/turn/FeedbackDialog')).FeedbackDialog);

/** A rated answer with its question, and what can be done about it. */
export function RatedAnswerRow({ answer }: { answer: RatedAnswer }) {
  const { question, feedback } = answer;
  const staff = feedback.find((each) => each.source === 'staff');
  const resolution = feedback.find((each) => each.rating === 'bad' && each.resolution)?.resolution;
  return (
    <Stack
      component="li"
      spacing={1}
      sx={{ px: 2, py: 1.5, minWidth: 0, '& + &': { borderTop: 1, borderColor: 'divider' } }}
    >
      <Said by={feedbackTexts.question} text={question} isStrong />
      <Said by={feedbackTexts.answer} text={answer.answer} />
      {staff?.correct_answer && <Said by={feedbackTexts.correctAnswer} text={staff.correct_answer} />}
      <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', columnGap: 1.5, rowGap: 0.5, alignItems: 'center' }}>
        {feedback.map((each) => (
          <Rated key={each.source} feedback={each} />
        ))}
        <Typography variant="caption" color="textSecondary">
          {answer.customer_name && (
            <>
              <bdi>{answer.customer_name}</bdi> ·{' '}
            </>
          )}
          {answer.stage_name && `${feedbackTexts.answeredIn({ name: answer.stage_name })} · `}
          <Time iso={answer.created_at} />
          {resolution && ` · ${feedbackTexts.resolutions[resolution]}`} ·{' '}
          <Link component={RouterLink} to={paths.conversation(answer.conversation_id, answer.turn_id)} color="inherit">
            {feedbackTexts.showConversation}
          </Link>
        </Typography>
      </Stack>
      <FollowUps answer={answer} />
    </Stack>
  );
}

function Said({ by, text, isStrong = false }: { by: string; text: string; isStrong?: boolean }) {
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="caption" color="textSecondary" component="p">
        {by}
      </Typography>
      <Typography
        dir="auto"
        sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap', ...(isStrong ? { fontWeight: 600 } : {}) }}
      >
        {firstWords(text, 600)}
      </Typography>
    </Box>
  );
}

function FollowUps({ answer }: { answer: RatedAnswer }) {
  const { canEdit, canSendMessages } = useSession();
  const notify = useNotify();
  const rate = useRateAnswer();
  const resolve = useResolveFeedback();
  const saveArticle = useSaveAsArticle();
  const createCase = useCreateTestCase();
  const [isCorrecting, setCorrecting] = useState(false);
  const { question, feedback, message_id: messageId, turn_id: turnId } = answer;
  const short = firstWords(question);
  const staff = feedback.find((each) => each.source === 'staff') ?? null;
  const isOpen = feedback.some((each) => each.rating === 'bad' && !each.resolved_at);
  const isGood = staff ? staff.rating === 'good' : feedback.every((each) => each.rating === 'good');
  const setExample = (isExample: boolean) =>
    rate.mutate(
      {
        messageId,
        rating: staff?.rating ?? 'good',
        is_example: isExample,
        ...(staff?.comment ? { comment: staff.comment } : {}),
        ...(staff?.correct_answer ? { correct_answer: staff.correct_answer } : {}),
      },
      { onSuccess: () => notify(feedbackTexts.rated) },
    );
  const saveAsArticle = (content: string) =>
    saveArticle.mutate(
      { turnId, title: firstWords(question, 200), content },
      { onSuccess: () => notify(feedbackTexts.savedArticle) },
    );
  const error = rate.error ?? resolve.error ?? saveArticle.error ?? createCase.error;
  return (
    <>
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
        {canEdit && isOpen && (
          <>
            <StageMove
              answer={answer}
              disabled={resolve.isPending}
              onMove={(stage) =>
                resolve.mutate(
                  { turnId, stageId: stage.stage_id },
                  { onSuccess: () => notify(feedbackTexts.moved({ name: stage.stage_name })) },
                )
              }
            />
            {staff?.correct_answer ? (
              <Button
                variant="outlined"
                size="small"
                disabled={saveArticle.isPending}
                onClick={() => saveAsArticle(staff.correct_answer ?? '')}
                aria-label={feedbackTexts.saveArticleFor({ question: short })}
              >
                {feedbackTexts.saveArticle}
              </Button>
            ) : (
              <Button
                variant="outlined"
                size="small"
                component={RouterLink}
                to={`${paths.article('new')}?answers=${turnId}`}
                state={{ question, conversationId: answer.conversation_id }}
                aria-label={feedbackTexts.writeFor({ question: short })}
              >
                {feedbackTexts.write}
              </Button>
            )}
          </>
        )}
        {canSendMessages && !isGood && (
          <Button
            size="small"
            onClick={() => setCorrecting(true)}
            aria-label={feedbackTexts.correctFor({ question: short })}
          >
            {feedbackTexts.correct}
          </Button>
        )}
        {canSendMessages && (isGood || staff?.correct_answer) && (
          <Button
            size="small"
            disabled={rate.isPending}
            title={feedbackTexts.personalData}
            onClick={() => setExample(!staff?.is_example)}
          >
            {staff?.is_example ? feedbackTexts.noExample : feedbackTexts.makeExample}
          </Button>
        )}
        {canEdit && !isGood && (
          <Button
            size="small"
            disabled={createCase.isPending}
            onClick={() => createCase.mutate(answer, { onSuccess: () => notify(feedbackTexts.createdCase) })}
            aria-label={feedbackTexts.createCaseFor({ question: short })}
          >
            {feedbackTexts.createCase}
          </Button>
        )}
        {canEdit && isOpen && (
          <IconButton
            aria-label={feedbackTexts.dismiss({ question: short })}
            title={texts.common.dismiss}
            disabled={resolve.isPending}
            onClick={() => resolve.mutate({ turnId }, { onSuccess: () => notify(feedbackTexts.dismissed) })}
          >
            <CloseIcon />
          </IconButton>
        )}
      </Stack>
      {error && (
        <ErrorNotice
          error={error}
          onClose={() => (rate.reset(), resolve.reset(), saveArticle.reset(), createCase.reset())}
        />
      )}
      {isCorrecting && <FeedbackDialog messageId={messageId} rated={staff} onClose={() => setCorrecting(false)} />}
    </>
  );
}
