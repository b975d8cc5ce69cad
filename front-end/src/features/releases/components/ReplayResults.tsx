import { Button, Chip, Link, Paper, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router';
import { DiffView } from '@/components/DiffView';
import { SelectField } from '@/components/SelectField';
import { plain } from '@/components/plain';
import { ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { replayTexts } from '@/config/texts/replay';
import { firstWords } from '@/lib/format';
import type { Replay, ReplayDifference, ReplayOfTurn, ReplayedTurn } from '@/lib/types';
import { replayResultsQuery } from '../api/replays';

const DIFFERENCES = ['different_stage', 'different_fields', 'different_reply', 'failed', 'unchanged'] as const;

/** What became of the messages of a replay, perhaps only of those with one kind of difference. */
export function ReplayResults({ replay }: { replay: Replay }) {
  const [shown, setShown] = useState<ReplayDifference | null>(null);
  const results = useInfiniteQuery(replayResultsQuery(replay.replay_id, replay.done, shown));
  const rows = results.data?.pages.flatMap((page) => page.body) ?? [];
  return (
    <>
      <SelectField
        label={replayTexts.shown}
        value={shown ?? ''}
        fullWidth={false}
        onChange={(event) => setShown((event.target.value || null) as ReplayDifference | null)}
        sx={{ alignSelf: 'flex-start' }}
      >
        <option value="">{replayTexts.all({ n: replay.done })}</option>
        {DIFFERENCES.map((each) => (
          <option key={each} value={each}>
            {replayTexts.counted({ difference: replayTexts.differences[each], n: replay.counts[each] })}
          </option>
        ))}
      </SelectField>
      {results.error && (
        <ErrorNotice title={texts.errors.title} error={results.error} onRetry={() => void results.refetch()} />
      )}
      {results.isPending && !results.error && <Loading />}
      {rows.length > 0 && (
        <Paper
          variant="outlined"
          component="ul"
          aria-label={replayTexts.set}
          sx={{ listStyle: 'none', m: 0, p: 0, minWidth: 0 }}
        >
          {rows.map((each) => (
            <Result key={each.position} row={each} />
          ))}
        </Paper>
      )}
      {results.hasNextPage && (
        <Button
          onClick={() => void results.fetchNextPage()}
          disabled={results.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
    </>
  );
}

const COLOURS = {
  unchanged: 'success',
  different_stage: 'warning',
  different_fields: 'warning',
  different_reply: 'info',
  failed: 'error',
} as const;

function Result({ row }: { row: ReplayOfTurn }) {
  return (
    <Stack
      component="li"
      spacing={1}
      sx={{ px: 2, py: 1.25, minWidth: 0, '& + &': { borderTop: 1, borderColor: 'divider' } }}
    >
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
        <Typography dir="auto" sx={{ fontWeight: 600, overflowWrap: 'anywhere', minWidth: 0 }}>
          {row.message}
        </Typography>
        <Chip
          size="small"
          variant="outlined"
          color={COLOURS[row.difference]}
          label={replayTexts.differences[row.difference]}
        />
        <Link component={RouterLink} to={paths.conversation(row.conversation_id, row.turn_id)} variant="body2">
          {replayTexts.showConversation}
        </Link>
      </Stack>
      {row.error && (
        <Typography color="error" sx={{ overflowWrap: 'anywhere' }}>
          {row.error}
        </Typography>
      )}
      {row.result && row.difference !== 'unchanged' && (
        <Differences message={firstWords(row.message)} result={row.result} />
      )}
    </Stack>
  );
}

function Differences({ message, result }: { message: string; result: ReplayedTurn }) {
  const { before, after, differences } = result;
  const values = {
    stage: [before.stage_name, after.stage_name],
    fields: [before.fields, after.fields],
    reply: [before.reply, after.reply],
  } as const;
  return differences.map((each) => (
    <Stack key={each} sx={{ minWidth: 0 }}>
      <Typography variant="caption" color="textSecondary" component="p">
        {replayTexts.parts[each]}
      </Typography>
      <DiffView
        label={replayTexts.partOf({ part: replayTexts.parts[each], message })}
        before={plain(values[each][0])}
        after={plain(values[each][1])}
      />
    </Stack>
  ));
}
