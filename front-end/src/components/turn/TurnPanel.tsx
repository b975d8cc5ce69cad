import { Alert, Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { texts } from '@/config/texts';
import { replayTexts } from '@/config/texts/replay';
import { turnQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { loadWhenOpened } from '../loadWhenOpened';
import { ErrorNotice, QueryView } from '../states';
import { CreateTestCase } from '../testCase/CreateTestCase';
import { readError } from '@/lib/errors';
import { AnswerFeedback } from './AnswerFeedback';
import { FailureLink } from './FailureLink';
import { type TemplateLink, TurnFlow } from './TurnFlow';
import { stepsOfLiveTurn, stepsOfTurn } from './turnSteps';

const ReplayDialog = loadWhenOpened(async () => (await import('../replay/ReplayDialog')).ReplayDialog);

/** Loads a stored turn and shows its steps. */
export function TurnPanel({ turnId, templateLink }: { turnId: string; templateLink: TemplateLink }) {
  const turn = useQuery(turnQuery(turnId));
  const { canEdit } = useSession();
  const [replayed, setReplayed] = useState<string | null>(null);
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
              {canEdit && detail.status === 'completed' && (
                <>
                  <Button size="small" onClick={() => setReplayed(turnId)}>
                    {replayTexts.replay}
                  </Button>
                  <CreateTestCase conversationId={detail.conversation_id} turnId={turnId} />
                </>
              )}
            </Stack>
          )}
          <TurnFlow key={turnId} steps={stepsOfTurn(detail)} turn={detail} templateLink={templateLink} />
          {replayed === turnId && <ReplayDialog turnId={turnId} onClose={() => setReplayed(null)} />}
        </Stack>
      )}
    </QueryView>
  );
}

/** Shows the steps of a turn that is being answered. */
export function RunningTurnPanel({ live }: { live: Parameters<typeof stepsOfLiveTurn>[0] }) {
  return <TurnFlow steps={stepsOfLiveTurn(live)} turn={null} templateLink={String} />;
}
