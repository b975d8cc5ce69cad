import { IconButton, Typography } from '@mui/material';
import { useState } from 'react';
import { Tooltip } from '@/components/Tooltip';
import { ClockIcon } from '@/components/icons';
import { Menu, MenuItem } from '@/components/overlays';
import { texts } from '@/config/texts';
import { shortTime } from '@/lib/time';
import { snoozeTimes } from './snoozeTimes';
import type { ConversationActions } from './useConversationActions';

/** Chooses until when a conversation leaves the inbox, or brings it back. */
export function SnoozeMenu({ isSnoozed, actions }: { isSnoozed: boolean; actions: ConversationActions }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [openedAt, setOpenedAt] = useState(0);
  const choose = (act: () => void) => () => {
    setAnchor(null);
    act();
  };
  return (
    <>
      <Tooltip title={texts.inbox.snooze}>
        <IconButton
          aria-label={texts.inbox.snooze}
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          color={isSnoozed ? 'primary' : 'default'}
          onClick={(event) => {
            setAnchor(event.currentTarget);
            setOpenedAt(Date.now());
          }}
        >
          <ClockIcon />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {isSnoozed && <MenuItem onClick={choose(() => actions.snooze(null))}>{texts.inbox.unsnooze}</MenuItem>}
        {anchor &&
          snoozeTimes(new Date(openedAt)).map(({ name, time }) => (
            <MenuItem key={name} onClick={choose(() => actions.snooze(time.toISOString()))}>
              <span>
                {texts.inbox.snoozeOptions[name]}
                <Typography variant="caption" color="textSecondary" sx={{ display: 'block' }}>
                  {shortTime(time.toISOString())}
                </Typography>
              </span>
            </MenuItem>
          ))}
        <MenuItem onClick={choose(actions.chooseSnooze)}>{texts.inbox.snoozeOptions.custom}</MenuItem>
      </Menu>
    </>
  );
}
