/** Short success messages at the bottom right. Errors are shown where they occur instead. */

import { Box, IconButton, Paper, Portal, Typography } from '@mui/material';
import {
  type ReactNode,
  createContext,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { texts } from '@/config/texts';
import { CloseIcon } from './icons';

/** The height of the strip that shows a message, as a CSS length. The pages end above it, so that it covers nothing. */
export const TOAST_HEIGHT = 'var(--toast-height, 0px)';

const DURATION = 4_000; // milliseconds

const Context = createContext<(text: string) => void>(() => undefined);

interface Notice {
  text: string;
  key: number;
}

export function NotifyProvider({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState<Notice | null>(null);
  const notify = useCallback((text: string) => setNotice((last) => ({ text, key: (last?.key ?? 0) + 1 })), []);
  const close = useCallback(() => setNotice(null), []);
  return (
    <Context value={notify}>
      {children}
      <Portal>
        <Box role="status">{notice && <Toast key={notice.key} text={notice.text} onClose={close} />}</Box>
      </Portal>
    </Context>
  );
}

function Toast({ text, onClose }: { text: string; onClose: () => void }) {
  const strip = useRef<HTMLDivElement>(null);
  const [isPaused, setIsPaused] = useState(false);
  useEffect(() => {
    if (isPaused) return;
    const timer = setTimeout(onClose, DURATION);
    return () => clearTimeout(timer);
  }, [isPaused, onClose]);
  useLayoutEffect(() => {
    const { style } = document.documentElement;
    style.setProperty('--toast-height', `${strip.current?.offsetHeight ?? 0}px`);
    return () => void style.removeProperty('--toast-height');
  }, []);
  return (
    <Box
      ref={strip}
      sx={{
        position: 'fixed',
        bottom: 0,
        right: 0,
        left: 0,
        zIndex: 'snackbar',
        display: 'flex',
        justifyContent: 'flex-end',
        px: { xs: 2, md: 3 },
        pt: 1,
        pb: 1.5,
        bgcolor: 'background.default',
      }}
    >
      <Paper
        onMouseEnter={() => setIsPaused(true)}
        onMouseLeave={() => setIsPaused(false)}
        sx={{
          display: 'flex',
          alignItems: 'center',
          gap: 1,
          pl: 2,
          pr: 0.5,
          py: 0.25,
          minWidth: 0,
          bgcolor: 'text.primary',
          color: 'background.paper',
        }}
      >
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
          {text}
        </Typography>
        <IconButton size="small" color="inherit" aria-label={texts.common.dismiss} onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </Paper>
    </Box>
  );
}

export function useNotify(): (text: string) => void {
  return useContext(Context);
}
