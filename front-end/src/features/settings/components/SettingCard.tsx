import { Stack, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Card } from '@/components/states';

/** A section of the settings with its heading and an explanation. */
export function SettingCard({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <Card component="section" aria-label={title}>
      <Stack spacing={2} sx={{ maxWidth: 760 }}>
        <Typography variant="h2">{title}</Typography>
        <Typography variant="body2" color="textSecondary">
          {hint}
        </Typography>
        {children}
      </Stack>
    </Card>
  );
}
