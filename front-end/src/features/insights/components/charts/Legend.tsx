import { Box, Stack, Typography } from '@mui/material';
import type { Series } from './series';

/** The colours of the series of a chart. */
export function Legend({ series }: { series: readonly Pick<Series, 'name' | 'colour' | 'isDashed'>[] }) {
  if (series.length < 2) return null;
  return (
    <Stack
      component="ul"
      direction="row"
      useFlexGap
      sx={{ listStyle: 'none', m: 0, mb: 1, p: 0, flexWrap: 'wrap', columnGap: 2 }}
    >
      {series.map(({ name, colour, isDashed = false }) => (
        <Stack component="li" key={name} direction="row" sx={{ alignItems: 'center', gap: 0.75 }}>
          <Box
            aria-hidden
            sx={{
              width: 14,
              height: isDashed ? 0 : 10,
              borderRadius: isDashed ? 0 : '2px',
              borderTop: isDashed ? '2px dashed' : 0,
            }}
            style={isDashed ? { borderColor: colour } : { backgroundColor: colour }}
          />
          <Typography variant="caption">
            <bdi>{name}</bdi>
          </Typography>
        </Stack>
      ))}
    </Stack>
  );
}
