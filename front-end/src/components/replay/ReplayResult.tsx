import { Alert, Box, Stack, Typography } from '@mui/material';
import { DiffView } from '@/components/DiffView';
import { TextWith } from '@/components/TextWith';
import { plain } from '@/components/plain';
import { texts } from '@/config/texts';
import { replayTexts } from '@/config/texts/replay';
import { formatDollars, formatDuration, formatList } from '@/lib/intl';
import type { ReplaySide, ReplayedTurn } from '@/lib/types';
import { changedPrompts } from './changedPrompts';

/** The recorded answer and the one of the replay, and what differs between them. */
export function ReplayResult({ result: { before, after, differences, ...data } }: { result: ReplayedTurn }) {
  const prompts = changedPrompts(before, after);
  return (
    <Stack spacing={2} sx={{ minWidth: 0 }}>
      <Alert severity={after.error ? 'error' : differences.length ? 'warning' : 'success'} role="status">
        {after.error ??
          (differences.length
            ? replayTexts.differs({ parts: formatList(differences.map((each) => replayTexts.parts[each])) })
            : replayTexts.same)}
      </Alert>
      <Box
        sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}
      >
        <Side title={replayTexts.before} side={before} />
        <Side title={replayTexts.after} side={after} />
      </Box>
      {data.computed_now.length > 0 && (
        <Typography variant="body2" color="textSecondary">
          {replayTexts.computedNow({ names: formatList(data.computed_now) })}
        </Typography>
      )}
      {data.not_recorded.length > 0 && (
        <Typography variant="body2" color="textSecondary">
          {replayTexts.notRecorded({ names: formatList(data.not_recorded) })}
        </Typography>
      )}
      {prompts.length > 0 && (
        <Stack component="section" aria-label={replayTexts.changes} spacing={1.5} sx={{ minWidth: 0 }}>
          <Typography variant="h3">{replayTexts.changes}</Typography>
          {prompts.map(({ step, before: old, after: now }) => {
            const label = replayTexts.promptOf({ step: texts.turn.steps[step] ?? step });
            return (
              <Box key={step} sx={{ minWidth: 0 }}>
                <Typography variant="caption" color="textSecondary" component="p">
                  {label}
                </Typography>
                <DiffView label={label} before={old} after={now} />
              </Box>
            );
          })}
        </Stack>
      )}
    </Stack>
  );
}

function Side({ title, side }: { title: string; side: ReplaySide }) {
  const figures = [
    side.release_number === null ? replayTexts.draft : replayTexts.releaseNumber({ number: side.release_number }),
    texts.common.tokens({ n: side.tokens }),
    ...(side.cost_usd === null ? [] : [formatDollars(side.cost_usd)]),
    formatDuration(side.duration_ms),
  ];
  return (
    <Stack component="section" aria-label={title} spacing={0.75} sx={{ minWidth: 0 }}>
      <Typography variant="h3">{title}</Typography>
      <Typography
        dir="auto"
        sx={{ p: 1.5, borderRadius: 1, bgcolor: 'action.hover', overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
      >
        {side.reply ?? replayTexts.noReply}
      </Typography>
      <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
        <TextWith text={replayTexts.stage} values={{ name: <bdi>{side.stage_name ?? '–'}</bdi> }} />
      </Typography>
      <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
        <TextWith text={replayTexts.fields} values={{ fields: <bdi>{plain(side.fields) || '–'}</bdi> }} />
      </Typography>
      <Typography variant="caption" color="textSecondary">
        {figures.join(' · ')}
      </Typography>
    </Stack>
  );
}
