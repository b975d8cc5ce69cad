import { Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { ErrorNotice } from '@/components/states';
import { replayTexts } from '@/config/texts/replay';
import { type Selection, openReplayQuery, useReplays } from '../api/replays';
import { ReplaySet } from './ReplaySet';

/** Replays messages of the past with the draft, after an estimate of the cost. */
export function ReplayDraft() {
  const { data: open } = useQuery(openReplayQuery());
  const { estimate } = useReplays();
  const [chosen, setChosen] = useState(0);
  const shown = estimate.data ?? open?.replay_id;
  return (
    <Stack component="section" aria-label={replayTexts.set} spacing={2} sx={{ minWidth: 0 }}>
      <div>
        <Typography variant="h3">{replayTexts.set}</Typography>
        <Typography variant="body2" color="textSecondary">
          {replayTexts.setHint}
        </Typography>
      </div>
      <Stack direction="row" useFlexGap spacing={1.5} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
        <SelectField
          label={replayTexts.messages}
          value={chosen}
          fullWidth={false}
          onChange={(event) => setChosen(Number(event.target.value))}
        >
          {SELECTIONS.map(({ last, rating }, index) => (
            // eslint-disable-next-line react/no-array-index-key -- the selections do not change
            <option key={index} value={index}>
              {(rating ? replayTexts.lastBad : replayTexts.last)({ n: last })}
            </option>
          ))}
        </SelectField>
        <Button
          variant="outlined"
          loading={estimate.isPending}
          onClick={() => estimate.mutate(SELECTIONS[chosen] ?? SELECTIONS[0])}
        >
          {replayTexts.estimate}
        </Button>
      </Stack>
      {estimate.error && <ErrorNotice error={estimate.error} onClose={estimate.reset} />}
      {shown && <ReplaySet key={shown} replayId={shown} />}
    </Stack>
  );
}

const SELECTIONS: readonly [Selection, ...Selection[]] = [
  { last: 20 },
  { last: 100 },
  { last: 500 },
  { last: 20, rating: 'bad' },
  { last: 100, rating: 'bad' },
];
