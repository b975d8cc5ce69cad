import {
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControlLabel,
  Switch,
  Typography,
} from '@mui/material';
import { useId } from 'react';
import { texts } from '@/config/texts';
import { usePreference } from '@/lib/preferences';

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);
const NAMES = texts.inbox.shortcuts;
const KEYS: readonly (readonly [string, keyof typeof NAMES])[] = [
  ['j', 'next'],
  ['k', 'previous'],
  ['Enter', 'open'],
  ['r', 'reply'],
  ['n', 'note'],
  ['e', 'close'],
  ['Esc', 'escape'],
  ['f', 'search'],
  ['/', 'canned'],
  ['Enter', 'send'],
  ['Shift+Enter', 'newLine'],
  [IS_MAC ? '⌘K' : 'Ctrl+K', 'palette'],
  ['?', 'help'],
];

/** Lists the shortcuts, and turns those with a single key off. */
export function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const id = useId();
  const [isOn, setOn] = usePreference('singleKeyShortcuts');
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby={id} maxWidth="xs" fullWidth>
      <DialogTitle id={id}>{NAMES.title}</DialogTitle>
      <DialogContent>
        <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'auto 1fr', columnGap: 2, rowGap: 0.75 }}>
          {KEYS.map(([key, name]) => (
            <Box key={name} sx={{ display: 'contents' }}>
              <Box component="dt" sx={{ textAlign: 'right' }}>
                <Box
                  component="kbd"
                  sx={{
                    border: 1,
                    borderColor: 'divider',
                    borderRadius: 0.75,
                    px: 0.75,
                    py: 0.125,
                    font: 'inherit',
                    fontSize: '0.8rem',
                    bgcolor: 'background.default',
                  }}
                >
                  {key}
                </Box>
              </Box>
              <Typography component="dd" variant="body2" sx={{ m: 0 }}>
                {NAMES[name]}
              </Typography>
            </Box>
          ))}
        </Box>
        <FormControlLabel
          sx={{ mt: 2 }}
          control={<Switch checked={isOn} onChange={(event) => setOn(event.target.checked)} />}
          label={NAMES.enabled}
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{texts.common.close}</Button>
      </DialogActions>
    </Dialog>
  );
}
