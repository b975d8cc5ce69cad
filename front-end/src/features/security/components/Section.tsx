import { Stack, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Card } from '@/components/states';

/** A part of the page with its heading and an explanation. */
export function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <Card component="section" aria-label={title}>
      <Stack spacing={2} sx={{ alignItems: 'flex-start', maxWidth: 760, '& > *': { maxWidth: '100%' } }}>
        <Typography variant="h2">{title}</Typography>
        {hint && (
          <Typography variant="body2" color="textSecondary">
            {hint}
          </Typography>
        )}
        {children}
      </Stack>
    </Card>
  );
}
