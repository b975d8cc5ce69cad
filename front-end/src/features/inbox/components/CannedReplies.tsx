import { Box, Paper, Typography } from '@mui/material';
import type { MouseEvent } from 'react';
import { texts } from '@/config/texts';
import type { CannedReply } from '@/lib/types';

interface Props {
  id: string;
  choices: readonly CannedReply[];
  /** The index of the choice that Enter inserts. */
  active: number;
  isEmpty: boolean;
  onTake: (reply: CannedReply) => void;
}

/** The canned replies that match what was typed after the slash. The focus stays in the text field. */
export function CannedReplies({ id, choices, active, isEmpty, onTake }: Props) {
  return (
    <Paper
      elevation={6}
      sx={{
        position: 'absolute',
        bottom: 'calc(100% + 6px)',
        left: 0,
        right: 0,
        maxWidth: 520,
        zIndex: 5,
        border: 1,
        borderColor: 'divider',
        maxHeight: 320,
        overflowY: 'auto',
      }}
    >
      {choices.length ? (
        <Box
          component="ul"
          role="listbox"
          id={id}
          aria-label={texts.inbox.canned}
          sx={{ m: 0, p: 0.5, listStyle: 'none' }}
        >
          {choices.map((reply, index) => (
            <Box
              component="li"
              key={reply.canned_reply_id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              ref={index === active ? scrollIntoView : null}
              onMouseDown={(event: MouseEvent) => {
                event.preventDefault();
                onTake(reply);
              }}
              sx={{
                px: 1.25,
                py: 0.75,
                borderRadius: 1,
                cursor: 'pointer',
                bgcolor: index === active ? 'action.selected' : 'transparent',
                '&:hover': { bgcolor: 'action.hover' },
              }}
            >
              <Typography variant="body2" component="span" sx={{ fontWeight: 600, mr: 1 }}>
                <bdi>/{reply.shortcut}</bdi>
              </Typography>
              <Typography variant="body2" component="span" color="textSecondary">
                <bdi>{reply.title}</bdi>
              </Typography>
              <Typography variant="caption" color="textSecondary" noWrap sx={{ display: 'block' }} dir="auto">
                {reply.content}
              </Typography>
            </Box>
          ))}
        </Box>
      ) : (
        <Typography variant="body2" color="textSecondary" sx={{ p: 1.5 }}>
          {isEmpty ? texts.inbox.cannedEmpty : texts.inbox.cannedNone}
        </Typography>
      )}
    </Paper>
  );
}

function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
