import { Alert, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { texts } from '@/config/texts';
import { turnQuery } from '@/lib/queries';
import { ErrorNotice, QueryView } from '../states';
import { readError } from '@/lib/errors';
import { AnswerFeedback } from './AnswerFeedback';
import { FailureLink } from './FailureLink';
import { type TemplateLink, TurnFlow } from './TurnFlow';
import { stepsOfLiveTurn, stepsOfTurn } from './turnSteps';

/** Loads a stored turn and shows its steps. */
export function TurnPanel({ turnId, templateLink }: { turnId: string; templateLink: TemplateLink }) {
  const turn = useQuery(turnQuery(turnId));
  return (
    <QueryView query={turn} title={texts.turn.loadFailed}>
      {(detail) => (
        <Stack spacing={2}>
          {detail.error && <ErrorNotice title={texts.chat.failed} error={readError(500, detail.error)} />}
          {detail.failure && (
            <Alert severity={detail.status === 'completed' ? 'warning' : 'error'} role="note">
              <FailureLink turn={detail} />
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                {texts.turn.failureCause({
                  step: texts.turn.steps[detail.failure.step] ?? '',
                  cause: detail.failure.cause,
                })}
              </Typography>
            </Alert>
          )}
          {detail.response_message_id && (
            <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', columnGap: 1.5, alignItems: 'center' }}>
              <AnswerFeedback messageId={detail.response_message_id} feedback={detail.feedback} />
            </Stack>
          )}
          <TurnFlow key={turnId} steps={stepsOfTurn(detail)} turn={detail} templateLink={templateLink} />
        </Stack>
      )}
    </QueryView>
  );
}

/** Shows the steps of a turn that is being answered. */
export function RunningTurnPanel({ live }: { live: Parameters<typeof stepsOfLiveTurn>[0] }) {
  return <TurnFlow steps={stepsOfLiveTurn(live)} turn={null} templateLink={String} />;
}
