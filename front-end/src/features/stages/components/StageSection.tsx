import { Stack, Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** A part of the form of a stage, with its heading. */
export function StageSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" aria-label={title} spacing={1.5}>
      <Typography variant="h3" component="h2">
        {title}
      </Typography>
      {children}
    </Stack>
  );
}
