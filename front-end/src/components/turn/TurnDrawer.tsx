import { IconButton } from '@mui/material';
import type { ReactNode } from 'react';
import { Drawer } from '@/components/overlays';
import { texts } from '@/config/texts';
import { CloseIcon } from '../icons';

/** The steps of a turn in a drawer, for windows that are too narrow to show them beside the messages. */
export function TurnDrawer({ open, onClose, children }: { open: boolean; onClose: () => void; children: ReactNode }) {
  return (
    <Drawer
      anchor="right"
      open={open}
      onClose={onClose}
      slotProps={{ paper: { sx: { width: { xs: '100%', sm: 480 }, p: 2 }, 'aria-label': texts.chat.flowTitle } }}
    >
      <IconButton aria-label={texts.common.close} onClick={onClose} sx={{ position: 'absolute', right: 8, top: 8 }}>
        <CloseIcon />
      </IconButton>
      {children}
    </Drawer>
  );
}
