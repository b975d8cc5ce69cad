import { Box } from '@mui/material';

/** A text of a user on one line. If it is too long, its end is left out, also if it is written in another direction than
 * the page. */
export function OneLine({ text }: { text: string }) {
  return (
    <Box
      component="bdi"
      sx={{
        display: 'inline-block',
        minWidth: 0,
        maxWidth: '100%',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        whiteSpace: 'nowrap',
        verticalAlign: 'bottom',
      }}
    >
      {text}
    </Box>
  );
}
