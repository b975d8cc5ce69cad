/** The theme: one accent colour and tinted greys. Other colours only convey a status. */

import { createTheme } from '@mui/material/styles';
import { direction } from '@/config/language';

export const theme = createTheme({
  direction,
  cssVariables: { colorSchemeSelector: 'data-colors' },
  colorSchemes: {
    light: {
      palette: {
        primary: { main: '#2b5f66', contrastText: '#ffffff' },
        secondary: { main: '#5c6b6d' },
        error: { main: '#b3261e' },
        warning: { main: '#8a5300' },
        success: { main: '#2e6b3d' },
        info: { main: '#2b5f66' },
        background: { default: '#f6f7f6', paper: '#ffffff' },
        text: { primary: '#1b2526', secondary: '#53605f' },
        divider: '#dfe4e2',
      },
    },
    dark: {
      palette: {
        primary: { main: '#8ec5cc', contrastText: '#0d2225' },
        secondary: { main: '#a8b6b7' },
        error: { main: '#f2a19a' },
        warning: { main: '#e8b874' },
        success: { main: '#93cda1' },
        info: { main: '#8ec5cc' },
        background: { default: '#121718', paper: '#1a2122' },
        text: { primary: '#e7eceb', secondary: '#a5b1b0' },
        divider: '#2f393a',
      },
    },
  },
  shape: { borderRadius: 10 },
  typography: {
    fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
    h1: { fontSize: '1.5rem', fontWeight: 650, lineHeight: 1.25 },
    h2: { fontSize: '1.1rem', fontWeight: 650, lineHeight: 1.35 },
    h3: { fontSize: '0.95rem', fontWeight: 650, lineHeight: 1.4 },
    body2: { fontSize: '0.9rem' },
    button: { textTransform: 'none', fontWeight: 600 },
    overline: { textTransform: 'none', letterSpacing: 0, fontSize: '0.8rem', fontWeight: 600, lineHeight: 1.6 },
  },
  components: {
    // The ripple alone is hard to see: with the keyboard, the focus is outlined on everything that can be pressed.
    MuiButtonBase: {
      styleOverrides: {
        root: {
          '&.Mui-focusVisible': {
            outline: '2px solid var(--mui-palette-primary-main)',
            outlineOffset: -2,
          },
        },
      },
    },
    MuiLink: {
      styleOverrides: {
        root: { '&:focus-visible': { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: 2 } },
      },
    },
    // Each paragraph of what users enter has the direction of its own words.
    MuiInputBase: { styleOverrides: { input: { unicodeBidi: 'plaintext' } } },
    MuiButton: { defaultProps: { disableElevation: true } },
    MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiTextField: { defaultProps: { size: 'small', fullWidth: true } },
    MuiAlert: { defaultProps: { variant: 'outlined' } },
    // Messages at the bottom of the window must not cover a drawer or dialog; see components/notify.tsx.
    MuiDrawer: { styleOverrides: { paper: { height: 'calc(100% - var(--toast-height, 0px))' } } },
    MuiDialog: { styleOverrides: { container: { height: 'calc(100% - var(--toast-height, 0px))' } } },
    MuiTableCell: { styleOverrides: { head: { fontWeight: 600 } } },
  },
});

/** The font for prompts, JSON and IDs. */
export const MONOSPACE = 'ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", Menlo, monospace';
