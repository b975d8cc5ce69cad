import { IconButton, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { feedbackTexts } from '@/config/texts/feedback';
import { firstWords } from '@/lib/format';
import { useRateAnswer } from '@/lib/feedback';
import { useSession } from '@/lib/session';
import type { Feedback } from '@/lib/types';
import { BadIcon, GoodIcon } from '../icons';
import { loadWhenOpened } from '../loadWhenOpened';
import { useNotify } from '../notify';
import { Tooltip } from '../Tooltip';

const ErrorDialog = loadWhenOpened(async () => (await import('../ErrorDialog')).ErrorDialog);
const FeedbackDialog = loadWhenOpened(async () => (await import('./FeedbackDialog')).FeedbackDialog);

interface Props {
  messageId: string;
  feedback: readonly Feedback[];
}

/** How an answer was rated, and two buttons with which staff rate it. */
export function AnswerFeedback({ messageId, feedback }: Props) {
  const { canSendMessages } = useSession();
  const notify = useNotify();
  const rate = useRateAnswer();
  const [isOpen, setOpen] = useState(false);
  const staff = feedback.find((each) => each.source === 'staff') ?? null;
  const customer = feedback.find((each) => each.source === 'customer') ?? null;
  const markGood = () =>
    rate.mutate(
      { messageId, rating: 'good', is_example: staff?.rating === 'good' && staff.is_example },
      { onSuccess: () => notify(feedbackTexts.rated) },
    );
  return (
    <>
      {customer && <Rated feedback={customer} />}
      {canSendMessages ? (
        <Stack direction="row" role="group" aria-label={feedbackTexts.rate} sx={{ '& svg': { fontSize: 16 } }}>
          <Tooltip title={feedbackTexts.good}>
            <IconButton
              size="small"
              aria-label={feedbackTexts.good}
              aria-pressed={staff?.rating === 'good'}
              color={staff?.rating === 'good' ? 'success' : 'default'}
              disabled={rate.isPending}
              onClick={markGood}
            >
              <GoodIcon />
            </IconButton>
          </Tooltip>
          <Tooltip title={feedbackTexts.bad}>
            <IconButton
              size="small"
              aria-label={feedbackTexts.bad}
              aria-pressed={staff?.rating === 'bad'}
              color={staff?.rating === 'bad' ? 'error' : 'default'}
              onClick={() => setOpen(true)}
            >
              <BadIcon />
            </IconButton>
          </Tooltip>
        </Stack>
      ) : (
        staff && <Rated feedback={staff} />
      )}
      <ErrorDialog open={rate.error !== null} error={rate.error} onClose={rate.reset} />
      {isOpen && <FeedbackDialog messageId={messageId} rated={staff} onClose={() => setOpen(false)} />}
    </>
  );
}

/** A rating in one line. */
export function Rated({ feedback: { source, rating, comment, author_name: author } }: { feedback: Feedback }) {
  const Icon = rating === 'good' ? GoodIcon : BadIcon;
  const who = source === 'customer' ? feedbackTexts.byCustomer : (author ?? feedbackTexts.byStaff);
  return (
    <Typography
      variant="caption"
      component="span"
      sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, minWidth: 0, '& svg': { fontSize: 15 } }}
    >
      <Icon
        titleAccess={rating === 'good' ? feedbackTexts.good : feedbackTexts.bad}
        color={rating === 'good' ? 'success' : 'error'}
      />
      <bdi>{who}</bdi>
      {comment && (
        <span title={comment}>
          “<bdi>{firstWords(comment, 120)}</bdi>”
        </span>
      )}
    </Typography>
  );
}
