import Box from '@mui/material/Box';
import { MONOSPACE } from '@/theme/theme';

/** Text in which parts between backticks are shown as code, as in the server's descriptions. */
export function TextWithCode({ text }: { text: string }) {
  const parts = text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // eslint-disable-next-line react/no-array-index-key -- the parts keep their order
      <Box key={index} component="code" sx={{ fontFamily: MONOSPACE, fontSize: '0.92em', color: 'primary.main' }}>
        {part}
      </Box>
    ),
  );
  return <bdi>{parts}</bdi>;
}
