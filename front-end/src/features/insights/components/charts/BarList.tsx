import { Box, Stack, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { COLOURS } from './colours';

export interface BarRow {
  key: string;
  name: ReactNode;
  value: number;
  /** The value as text. */
  text: string;
  /** More about the row, below it. */
  detail?: ReactNode;
  /** The range in which the true value is likely to be, as values. */
  interval?: readonly [number, number] | undefined;
  colour?: string;
}

interface Props {
  label: string;
  rows: readonly BarRow[];
  /** The value of a full bar. The default is the largest value. */
  max?: number;
}

/** Values side by side, as bars with their names: the values are written beside them. */
export function BarList({ label, rows, max = Math.max(...rows.map((row) => row.value)) }: Props) {
  const percent = (value: number) => `${String((100 * Math.min(value, max)) / (max || 1))}%`;
  return (
    <Stack component="ol" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0, gap: 1.5 }}>
      {rows.map((row) => (
        <Box component="li" key={row.key}>
          <Stack direction="row" sx={{ justifyContent: 'space-between', gap: 2 }}>
            <Typography variant="body2" component="span" sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
              {row.name}
            </Typography>
            <Typography variant="body2" component="span" sx={{ fontWeight: 600, flexShrink: 0 }}>
              {row.text}
            </Typography>
          </Stack>
          <Box aria-hidden sx={{ position: 'relative', height: 8, mt: 0.5, borderRadius: 1, bgcolor: 'action.hover' }}>
            <Box
              sx={{ height: '100%', borderRadius: 1 }}
              style={{ width: percent(row.value), backgroundColor: row.colour ?? COLOURS.accent }}
            />
            {row.interval && (
              <Box
                sx={{ position: 'absolute', top: -2, bottom: -2, borderInline: 2, borderColor: 'text.secondary' }}
                style={{
                  insetInlineStart: percent(row.interval[0]),
                  width: `calc(${percent(row.interval[1])} - ${percent(row.interval[0])})`,
                }}
              />
            )}
          </Box>
          {row.detail && (
            <Typography variant="caption" color="textSecondary" component="div" sx={{ mt: 0.25 }}>
              {row.detail}
            </Typography>
          )}
        </Box>
      ))}
    </Stack>
  );
}
