import { Checkbox, FormControlLabel, FormHelperText } from '@mui/material';
import { useState } from 'react';
import { texts } from '@/config/texts';
import { feedbackTexts } from '@/config/texts/feedback';
import { useForm } from '@/lib/form';
import { useRateAnswer } from '@/lib/feedback';
import type { Feedback } from '@/lib/types';
import { FormDialog } from '../FormDialog';
import { FormTextField } from '../FormTextField';
import { useNotify } from '../notify';

const MAX_COMMENT = 2_000;
const MAX_ANSWER = 20_000;

interface Props {
  messageId: string;
  /** The rating of the staff, if there is one. */
  rated: Feedback | null;
  onClose: () => void;
}

/** Marks an answer as bad, with what it should have been. */
export function FeedbackDialog({ messageId, rated, onClose }: Props) {
  const notify = useNotify();
  const rate = useRateAnswer();
  const before = rated?.rating === 'bad' ? rated : null;
  const [isExample, setExample] = useState(before?.is_example ?? false);
  const { control, handleSubmit, values } = useForm({
    defaultValues: { comment: before?.comment ?? '', answer: before?.correct_answer ?? '' },
  });
  const hasAnswer = values.answer.trim() !== '';
  const submit = handleSubmit(({ comment, answer }) =>
    rate.mutate(
      {
        messageId,
        rating: 'bad',
        ...(comment.trim() ? { comment: comment.trim() } : {}),
        ...(answer.trim() ? { correct_answer: answer.trim(), is_example: isExample } : {}),
      },
      {
        onSuccess: () => {
          notify(feedbackTexts.rated);
          onClose();
        },
      },
    ),
  );
  return (
    <FormDialog
      title={feedbackTexts.dialog}
      submitLabel={texts.common.save}
      maxWidth="sm"
      busy={rate.isPending}
      error={rate.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="comment"
        autoFocus
        multiline
        maxRows={6}
        label={feedbackTexts.comment}
        helperText={feedbackTexts.commentHint}
        slotProps={{ htmlInput: { maxLength: MAX_COMMENT, dir: 'auto' } }}
      />
      <FormTextField
        control={control}
        name="answer"
        multiline
        minRows={3}
        maxRows={12}
        label={feedbackTexts.correctAnswer}
        helperText={feedbackTexts.correctAnswerHint}
        slotProps={{ htmlInput: { maxLength: MAX_ANSWER, dir: 'auto' } }}
      />
      <div>
        <FormControlLabel
          control={<Checkbox checked={isExample && hasAnswer} onChange={(event) => setExample(event.target.checked)} />}
          disabled={!hasAnswer}
          label={feedbackTexts.example}
        />
        <FormHelperText>{feedbackTexts.exampleHint}</FormHelperText>
      </div>
    </FormDialog>
  );
}
