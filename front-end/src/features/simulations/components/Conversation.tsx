import { Stack, Typography } from '@mui/material';
import { TextWith } from '@/components/TextWith';
import { Card } from '@/components/states';
import { plain } from '@/components/plain';
import { simulationTexts } from '@/config/texts/simulations';
import type { SimulationDetail } from '@/lib/types';

type Turn = SimulationDetail['turns'][number];

/** What the customer and the assistant of a simulation have said. */
export function Conversation({ turns }: { turns: readonly Turn[] }) {
  return (
    <Card component="section" aria-label={simulationTexts.conversation}>
      <Stack spacing={2}>
        {turns.map((turn, index) => (
          // eslint-disable-next-line react/no-array-index-key -- messages keep their order
          <Exchange key={index} turn={turn} />
        ))}
      </Stack>
    </Card>
  );
}

function Exchange({ turn }: { turn: Turn }) {
  return (
    <>
      <Said by={simulationTexts.customer} text={turn.message} />
      <Stack sx={{ minWidth: 0 }}>
        <Said by={simulationTexts.assistant} text={turn.reply ?? simulationTexts.noReply} />
        {turn.stage_name && (
          <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
            <TextWith text={simulationTexts.stage} values={{ name: <bdi>{turn.stage_name}</bdi> }} />
          </Typography>
        )}
        {Object.keys(turn.fields).length > 0 && (
          <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
            <TextWith text={simulationTexts.known} values={{ fields: <bdi>{plain(turn.fields)}</bdi> }} />
          </Typography>
        )}
      </Stack>
    </>
  );
}

function Said({ by, text }: { by: string; text: string }) {
  return (
    <Stack sx={{ minWidth: 0 }}>
      <Typography variant="body2" color="textSecondary">
        {by}
      </Typography>
      <Typography dir="auto" sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {text}
      </Typography>
    </Stack>
  );
}
