import { Box, Chip, Stack, Typography } from '@mui/material';
import { DiffView } from '@/components/DiffView';
import { TextWith } from '@/components/TextWith';
import { releasesTexts } from '@/config/texts/releases';
import { humanize } from '@/lib/format';
import type { ReleaseChange } from '@/lib/types';
import { textOf } from './textOf';

/** The parts of a design that differ, each with its fields before and after. */
export function Changes({ changes, label }: { changes: readonly ReleaseChange[]; label: string }) {
  return (
    <Box component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {changes.map((each) => (
        <ChangedPart key={`${each.kind} ${each.id}`} change={each} />
      ))}
    </Box>
  );
}

const COLOURS = { added: 'success', removed: 'error', changed: 'default' } as const;

function ChangedPart({ change }: { change: ReleaseChange }) {
  const kind = releasesTexts.kinds[change.kind] ?? humanize(change.kind);
  return (
    <Box component="li" sx={{ py: 1.25, minWidth: 0, '& + &': { borderTop: 1, borderColor: 'divider' } }}>
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap', alignItems: 'center', minWidth: 0 }}>
        <Chip
          size="small"
          variant="outlined"
          color={COLOURS[change.change]}
          label={releasesTexts.change[change.change]}
        />
        <Typography sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
          {change.name === null ? (
            kind
          ) : (
            <TextWith text={releasesTexts.part} values={{ kind, name: <bdi>{change.name}</bdi> }} />
          )}
        </Typography>
        {change.stage_name && (
          <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
            <TextWith text={releasesTexts.ofStage} values={{ name: <bdi>{change.stage_name}</bdi> }} />
          </Typography>
        )}
      </Stack>
      {change.change === 'changed' &&
        change.fields.map(({ field, before, after }) => (
          <Box key={field} sx={{ mt: 1, minWidth: 0 }}>
            <Typography variant="caption" color="textSecondary" component="p">
              {releasesTexts.fields[field] ?? humanize(field)}
            </Typography>
            <DiffView
              label={releasesTexts.fields[field] ?? humanize(field)}
              before={textOf(before)}
              after={textOf(after)}
            />
          </Box>
        ))}
    </Box>
  );
}
