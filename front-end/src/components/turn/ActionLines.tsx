import { Box } from '@mui/material';
import { texts } from '@/config/texts';
import type { ActionOutcome } from '@/lib/types';
import { ClockIcon, DoneIcon, WarningIcon } from '../icons';
import { actionLine } from './actionTexts';

interface Props {
  actions: readonly ActionOutcome[];
  /** Whether no later message has been answered. */
  isLatest: boolean;
}

const LOOK = {
  done: { Icon: DoneIcon, color: 'success.main' },
  failed: { Icon: WarningIcon, color: 'error.main' },
  waiting: { Icon: ClockIcon, color: 'warning.main' },
  skipped: { Icon: null, color: 'text.secondary' },
} as const;

/** What the actions of a turn have done, one small line each. Nothing if there is nothing to say. */
export function ActionLines({ actions, isLatest }: Props) {
  const lines = actions.flatMap((each) => {
    const text = actionLine(each, isLatest);
    return text === null ? [] : [{ text, ...LOOK[each.status] }];
  });
  if (!lines.length) return null;
  return (
    <Box
      component="ul"
      aria-label={texts.turn.actions.lines}
      sx={{
        listStyle: 'none',
        m: 0,
        p: 0,
        width: '100%',
        justifyContent: 'inherit',
        fontSize: '0.8rem',
        '& svg': { fontSize: 15, mt: '2px' },
      }}
    >
      {lines.map(({ text, Icon, color }, index) => (
        <Box
          component="li"
          // eslint-disable-next-line react/no-array-index-key -- two actions can have the same line
          key={index}
          sx={{ display: 'flex', gap: 0.5, justifyContent: 'inherit', alignItems: 'flex-start', color, minWidth: 0 }}
        >
          {Icon && <Icon />}
          <Box component="span" sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
            <bdi>{text}</bdi>
          </Box>
        </Box>
      ))}
    </Box>
  );
}
