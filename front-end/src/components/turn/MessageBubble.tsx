import { Box, Stack } from '@mui/material';
import type { ReactNode } from 'react';
import type { Message } from '@/lib/types';
import { useFolding } from './useFolding';

/** A message as plain text. Long messages are folded. */
export function MessageBubble({
  id,
  from,
  content,
  isSelected = false,
  children,
}: {
  /** The ID of the message, if it is stored. */
  id?: string;
  from: Message['sender_type'];
  content: string;
  isSelected?: boolean;
  children?: ReactNode;
}) {
  const mine = from === 'user';
  const folding = useFolding(content);
  return (
    <Box
      data-message={id}
      sx={{ alignSelf: mine ? 'flex-end' : 'flex-start', maxWidth: { xs: '92%', md: '80%' }, minWidth: 0 }}
    >
      <Box
        dir="auto"
        sx={{
          px: 1.75,
          py: 1.1,
          borderRadius: 2.5,
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
          border: 1,
          ...folding.styles,
          ...(mine
            ? { bgcolor: '#2b5f66', color: '#ffffff', borderColor: '#2b5f66', borderBottomRightRadius: 4 }
            : {
                bgcolor: 'background.paper',
                borderColor: isSelected ? 'primary.main' : 'divider',
                borderBottomLeftRadius: 4,
              }),
        }}
      >
        {content}
      </Box>
      <Stack
        direction="row"
        useFlexGap
        spacing={1}
        sx={{
          mt: 0.25,
          px: 0.5,
          flexWrap: 'wrap',
          alignItems: 'center',
          justifyContent: mine ? 'flex-end' : 'flex-start',
        }}
      >
        {children}
        {folding.button}
      </Stack>
    </Box>
  );
}
