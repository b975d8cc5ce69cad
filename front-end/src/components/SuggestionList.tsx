import { Box, Paper, Typography } from '@mui/material';
import type { MouseEvent } from 'react';
import { texts } from '@/config/texts';
import type { Suggestion } from '@/lib/placeholderNames';
import { MONOSPACE } from '@/theme/theme';
import { TextWithCode } from './TextWithCode';

interface Props {
  id: string;
  /** The element ID of the option at an index. */
  optionId: (index: number) => string;
  suggestions: readonly Suggestion[];
  /** The index of the option chosen by keyboard. */
  active: number;
  /** The position in pixels within the editor. */
  place: { left: number; top: number };
  onTake: (suggestion: Suggestion) => void;
}

/** The names that can complete the placeholder being typed. The focus stays in the editor. */
export function SuggestionList({ id, optionId, suggestions, active, place, onTake }: Props) {
  return (
    <Paper
      elevation={6}
      component="ul"
      role="listbox"
      id={id}
      aria-label={texts.templates.suggestions}
      sx={{
        position: 'absolute',
        zIndex: 5,
        m: 0,
        p: 0.5,
        listStyle: 'none',
        width: 340,
        maxWidth: 'calc(100% - 16px)',
        border: 1,
        borderColor: 'divider',
      }}
      // The place was measured, so it must not be mirrored.
      style={{ left: `clamp(8px, ${place.left}px, calc(100% - 348px))`, top: place.top }}
    >
      {suggestions.map((suggestion, index) => (
        <Box
          component="li"
          key={suggestion.name}
          id={optionId(index)}
          role="option"
          aria-selected={index === active}
          onMouseDown={(event: MouseEvent) => {
            event.preventDefault();
            onTake(suggestion);
          }}
          sx={{
            px: 1,
            py: 0.5,
            borderRadius: 1,
            cursor: 'pointer',
            bgcolor: index === active ? 'action.selected' : 'transparent',
            '&:hover': { bgcolor: 'action.hover' },
          }}
        >
          <Typography component="span" sx={{ fontFamily: MONOSPACE, fontSize: '0.85rem', display: 'block' }}>
            {suggestion.name}
          </Typography>
          <Typography component="span" variant="caption" color="textSecondary" noWrap sx={{ display: 'block' }}>
            <TextWithCode text={suggestion.description} />
          </Typography>
        </Box>
      ))}
    </Paper>
  );
}
