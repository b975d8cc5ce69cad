import { Alert, Button, LinearProgress, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { Page } from '@/components/Page';
import { useNotify } from '@/components/notify';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { plain } from '@/components/plain';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { simulationTexts } from '@/config/texts/simulations';
import { formatDollars } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { SimulationDetail } from '@/lib/types';
import { isUnfinished, simulationQuery, useChangeSimulations } from '../api/simulations';
import { Conversation } from '../components/Conversation';
import { SimulationStatus } from '../components/SimulationStatus';

/** A simulation: the customer, the conversation, and how it has ended. */
export default function SimulationPage() {
  const { simulationId = '' } = useParams();
  const { canEdit } = useSession();
  const notify = useNotify();
  const simulation = useQuery(simulationQuery(simulationId));
  const { cancel, createCase } = useChangeSimulations();
  const { data } = simulation;
  const isAnswered = data?.turns.some((turn) => turn.reply !== null);
  return (
    <Page
      title={data?.goal ?? simulationTexts.title}
      back={{ to: paths.simulations, label: simulationTexts.title }}
      actions={
        canEdit &&
        data &&
        (isUnfinished(data) ? (
          <Button disabled={cancel.isPending} onClick={() => cancel.mutate(simulationId)}>
            {texts.common.cancel}
          </Button>
        ) : (
          isAnswered && (
            <Button
              variant="outlined"
              loading={createCase.isPending}
              onClick={() => createCase.mutate(simulationId, { onSuccess: () => notify(simulationTexts.caseCreated) })}
            >
              {simulationTexts.createCase}
            </Button>
          )
        ))
      }
    >
      {cancel.error && <ErrorNotice error={cancel.error} onClose={cancel.reset} />}
      {createCase.error && <ErrorNotice error={createCase.error} onClose={createCase.reset} />}
      <QueryView query={simulation}>
        {(loaded) => (
          <>
            <Outcome simulation={loaded} />
            {loaded.turns.length > 0 && <Conversation turns={loaded.turns} />}
          </>
        )}
      </QueryView>
    </Page>
  );
}

function Outcome({ simulation }: { simulation: SimulationDetail }) {
  const cost = simulation.cost_usd === null ? simulationTexts.unknownCost : formatDollars(simulation.cost_usd);
  return (
    <Card>
      <Stack spacing={1.5}>
        <Stack role="status" direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
          <SimulationStatus simulation={simulation} />
          {simulation.ended_by && <Typography>{simulationTexts.endedBy[simulation.ended_by]}</Typography>}
        </Stack>
        {isUnfinished(simulation) && <LinearProgress aria-label={simulationTexts.status.running} />}
        {simulation.error && <Alert severity="error">{simulation.error}</Alert>}
        <Typography dir="auto" sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {simulation.persona}
        </Typography>
        {Object.keys(simulation.facts).length > 0 && (
          <Typography dir="auto" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
            {plain(simulation.facts)}
          </Typography>
        )}
        <Typography variant="body2" color="textSecondary">
          {simulationTexts.spent({ tokens: simulation.tokens, cost })}
        </Typography>
      </Stack>
    </Card>
  );
}
