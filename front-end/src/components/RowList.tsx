import { Box, Paper, Stack, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

export interface Row {
  key: string;
  to: string;
  title: ReactNode;
  /** One or two lines under the title. */
  detail?: ReactNode;
  /** Shown on the right, or below on small screens. */
  meta?: ReactNode;
}

/** A list in which each row is one link. */
export function RowList({ label, rows }: { label: string; rows: readonly Row[] }) {
  return (
    <Paper
      variant="outlined"
      component="ul"
      aria-label={label}
      sx={{ listStyle: 'none', m: 0, p: 0, overflow: 'hidden' }}
    >
      {rows.map((row) => (
        <Box component="li" key={row.key} sx={{ '& + &': { borderTop: 1, borderColor: 'divider' } }}>
          <Stack
            component={Link}
            to={row.to}
            direction={{ xs: 'column', sm: 'row' }}
            sx={{
              gap: { xs: 1, sm: 2 },
              px: 2,
              py: 1.5,
              color: 'text.primary',
              textDecoration: 'none',
              alignItems: { sm: 'center' },
              '&:hover': { bgcolor: 'action.hover' },
              '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: -2 },
            }}
          >
            <Box sx={{ minWidth: 0, flexGrow: 1 }}>
              <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{row.title}</Typography>
              {row.detail && (
                <Typography variant="body2" color="textSecondary" component="div" sx={{ overflowWrap: 'anywhere' }}>
                  {row.detail}
                </Typography>
              )}
            </Box>
            {row.meta && (
              <Stack
                direction="row"
                useFlexGap
                spacing={1}
                sx={{
                  flexWrap: 'wrap',
                  flexShrink: 0,
                  alignItems: 'center',
                  maxWidth: { sm: '45%' },
                  justifyContent: { sm: 'flex-end' },
                }}
              >
                {row.meta}
              </Stack>
            )}
          </Stack>
        </Box>
      ))}
    </Paper>
  );
}
