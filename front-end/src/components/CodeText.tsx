import Box from '@mui/material/Box';
import { MONOSPACE } from '@/theme/theme';

/** Text that a machine reads or wrote, as it is: never as markup. */
export function CodeText({
  text,
  label,
  maxHeight = 360,
}: {
  text: string;
  label: string;
  maxHeight?: number | string;
}) {
  return (
    <Box
      component="pre"
      role="region"
      aria-label={label}
      // A keyboard can scroll only what it can focus.
      tabIndex={0}
      sx={{
        m: 0,
        p: 1.5,
        fontFamily: MONOSPACE,
        fontSize: '0.8rem',
        lineHeight: 1.55,
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
        overflow: 'auto',
        maxHeight,
        bgcolor: 'background.default',
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
      }}
    >
      {text}
    </Box>
  );
}

export function asJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
