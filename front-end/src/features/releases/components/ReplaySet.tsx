import { Button, LinearProgress, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { NumberField } from '@/components/NumberField';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { replayTexts } from '@/config/texts/replay';
import { formatDollars } from '@/lib/intl';
import type { Replay } from '@/lib/types';
import { replayQuery, useReplays } from '../api/replays';
import { ReplayResults } from './ReplayResults';

/** A replay of several messages: its estimate, its progress and its results. */
export function ReplaySet({ replayId }: { replayId: string }) {
  const replay = useQuery(replayQuery(replayId));
  return (
    <Card>
      <QueryView query={replay}>
        {(loaded) => (
          <Stack spacing={2}>
            <Typography role="status">{stateOf(loaded)}</Typography>
            {loaded.status === 'running' && (
              <LinearProgress
                aria-label={replayTexts.set}
                variant="determinate"
                value={(100 * loaded.done) / Math.max(loaded.turn_count, 1)}
              />
            )}
            <Controls replay={loaded} />
            {loaded.done > 0 && loaded.status !== 'running' && <ReplayResults replay={loaded} />}
          </Stack>
        )}
      </QueryView>
    </Card>
  );
}

function Controls({ replay }: { replay: Replay }) {
  const { replay_id: replayId, status } = replay;
  const { start, stop } = useReplays();
  const [limit, setLimit] = useState(replay.limit_usd ?? undefined);
  const canStart = (status === 'estimated' && replay.turn_count > 0) || status === 'paused';
  const error = start.error ?? stop.error;
  const isBusy = start.isPending || stop.isPending;
  return (
    <>
      {canStart && (
        <NumberField
          label={replayTexts.limit}
          helperText={replayTexts.limitHint}
          value={limit}
          step={0.01}
          onChange={setLimit}
        />
      )}
      {(canStart || status === 'running') && (
        <Stack direction="row" useFlexGap spacing={1.5} sx={{ flexWrap: 'wrap' }}>
          {canStart && (
            <Button
              variant="outlined"
              disabled={isBusy}
              onClick={() => start.mutate({ replayId, limit: limit ?? null })}
            >
              {status === 'paused' ? replayTexts.resume : replayTexts.begin}
            </Button>
          )}
          {status === 'running' && (
            <Button variant="outlined" disabled={isBusy} onClick={() => stop.mutate({ replayId, action: 'pause' })}>
              {replayTexts.pause}
            </Button>
          )}
          {status !== 'estimated' && (
            <Button disabled={isBusy} onClick={() => stop.mutate({ replayId, action: 'cancel' })}>
              {texts.common.cancel}
            </Button>
          )}
        </Stack>
      )}
      {error && <ErrorNotice error={error} onClose={() => (start.reset(), stop.reset())} />}
    </>
  );
}

/** The estimate, or how far the replay is and what it has cost. */
function stateOf(replay: Replay): string {
  const { status, turn_count: n, done, estimated_usd: estimate, cost_usd: cost } = replay;
  if (status === 'estimated') {
    if (!n) return replayTexts.nothing;
    return estimate === null
      ? replayTexts.estimatedUnknown({ n })
      : replayTexts.estimated({ n, dollars: formatDollars(estimate) });
  }
  return [
    replay.is_limit_reached ? replayTexts.limitReached : replayTexts.statuses[status],
    replayTexts.progress({ done, total: n }),
    ...(cost === null ? [] : [replayTexts.cost({ dollars: formatDollars(cost) })]),
  ].join(' · ');
}
