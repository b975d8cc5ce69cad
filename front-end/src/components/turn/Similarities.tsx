import { Box, Stack, Typography } from '@mui/material';
import { texts } from '@/config/texts';
import { formatDecimals } from '@/lib/intl';
import type { TurnStep } from '@/lib/types';

/** In rules mode, the similarity of the message to each stage. */
export function Similarities({ output }: { output: TurnStep['output'] }) {
  const rows = output?.['similarities'];
  if (!Array.isArray(rows) || !rows.length) return null;
  return (
    <div>
      <Typography variant="overline" component="p">
        {texts.turn.similarities}
      </Typography>
      <Box
        component="ul"
        aria-label={texts.turn.similarities}
        sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.75 }}
      >
        {(rows as { stage_name: string | null; score: number; nearest: string | null }[]).map((each) => (
          <Box component="li" key={each.stage_name ?? ''}>
            <Stack direction="row" sx={{ justifyContent: 'space-between', gap: 1 }}>
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                {each.stage_name ?? texts.turn.noStage}
              </Typography>
              <Typography variant="body2" color="textSecondary">
                {formatDecimals(each.score, 3)}
              </Typography>
            </Stack>
            <Box aria-hidden sx={{ height: 4, borderRadius: 2, bgcolor: 'divider', overflow: 'hidden' }}>
              <Box
                sx={{ height: '100%', bgcolor: 'primary.main' }}
                style={{ width: `${Math.max(0, Math.min(1, each.score)) * 100}%` }}
              />
            </Box>
            {each.nearest && (
              <Typography variant="caption" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
                “<bdi>{each.nearest}</bdi>”
              </Typography>
            )}
          </Box>
        ))}
      </Box>
    </div>
  );
}
