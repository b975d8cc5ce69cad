import { Box } from '@mui/material';
import type { ReactNode } from 'react';

interface Props {
  icon?: ReactNode;
  color?: string | undefined;
  title?: string | undefined;
  children: ReactNode;
}

/** A state in the line below a message, emphasized if it has a color. */
export function MessageState({ icon, color, title, children }: Props) {
  return (
    <Box
      component="span"
      title={title}
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 0.5,
        minWidth: 0,
        overflowWrap: 'anywhere',
        ...(color ? { color, fontWeight: 600 } : {}),
        '& svg': { fontSize: 14, flexShrink: 0 },
      }}
    >
      {icon}
      <span>{children}</span>
    </Box>
  );
}
