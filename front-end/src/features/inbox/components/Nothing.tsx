import { Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** Says that a section has no content. */
export function Nothing({ children }: { children: ReactNode }) {
  return (
    <Typography variant="body2" color="textSecondary">
      {children}
    </Typography>
  );
}
