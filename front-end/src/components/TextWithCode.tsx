import Box from '@mui/material/Box';
import { MONOSPACE } from '@/theme/theme';

/** A sentence in which what stands between backticks is code, as the server writes its descriptions. */
export function TextWithCode({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // eslint-disable-next-line react/no-array-index-key -- the parts of one sentence never move
      <Box key={index} component="code" sx={{ fontFamily: MONOSPACE, fontSize: '0.92em', color: 'primary.main' }}>
        {part}
      </Box>
    ),
  );
}
