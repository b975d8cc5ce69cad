import { Stack } from '@mui/material';
import type { ReactNode } from 'react';
import { TOAST_HEIGHT } from './notify';

/** The buttons of a long form. They stay visible at the bottom of the window. */
export function SaveBar({ children }: { children: ReactNode }) {
  return (
    <Stack
      direction="row"
      useFlexGap
      spacing={1}
      sx={{
        flexWrap: 'wrap',
        position: 'sticky',
        bottom: TOAST_HEIGHT,
        py: 1.5,
        bgcolor: 'background.default',
        borderTop: 1,
        borderColor: 'divider',
        zIndex: 2,
      }}
    >
      {children}
    </Stack>
  );
}
