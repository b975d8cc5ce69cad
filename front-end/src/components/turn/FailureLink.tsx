import { Link, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import type { Turn } from '@/lib/types';

type Failure = NonNullable<Turn['failure']>;

/** How the model failed in a turn, in a few words. `isAnswered`: by the stage's fixed reply. */
export function failureText(failure: Pick<Failure, 'status_code'>, isAnswered: boolean): string {
  const status = failure.status_code ?? null;
  const text = status === null ? texts.turn.modelFailed : texts.turn.modelFailedWith({ status: String(status) });
  return isAnswered ? texts.turn.fixedReplySent({ failure: text }) : text;
}

/** Says that the model failed in a turn, and links to the call. Nothing if it did not fail. */
export function FailureLink({ turn }: { turn: Pick<Turn, 'failure' | 'status'> }) {
  const { failure } = turn;
  if (!failure) return null;
  const text = failureText(failure, turn.status === 'completed');
  if (!failure.call_id) {
    return (
      <Typography variant="caption" color="error" title={failure.cause}>
        {text}
      </Typography>
    );
  }
  return (
    <Link
      component={RouterLink}
      to={paths.llmCall(failure.call_id)}
      variant="caption"
      color="error"
      title={failure.cause}
    >
      {text}
    </Link>
  );
}
