import Box from '@mui/material/Box';
import type { ReactNode } from 'react';
import { MONOSPACE } from '@/theme/theme';

interface Props {
  label: string;
  maxHeight?: number | string;
}

/** Shows a prompt, a model answer or JSON as plain monospace text. */
export function CodeText({ text, ...props }: Props & { text: string }) {
  return <CodeBox {...props}>{text}</CodeBox>;
}

/** A scrollable box for monospace text. */
export function CodeBox({ label, maxHeight = 360, children }: Props & { children: ReactNode }) {
  return (
    <Box
      component="pre"
      role="region"
      aria-label={label}
      // Keyboard users can only scroll an element that can be focused.
      tabIndex={0}
      sx={{
        m: 0,
        p: 1.5,
        fontFamily: MONOSPACE,
        fontSize: '0.8rem',
        lineHeight: 1.55,
        whiteSpace: 'pre-wrap',
        unicodeBidi: 'plaintext', // each line has the direction of its text
        overflowWrap: 'anywhere',
        overflow: 'auto',
        maxHeight,
        bgcolor: 'background.default',
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
      }}
    >
      {children}
    </Box>
  );
}

export function asJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
