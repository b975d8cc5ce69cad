import { Box, IconButton, Typography } from '@mui/material';
import { useState } from 'react';
import { Tooltip } from '@/components/Tooltip';
import { BellIcon, DoneIcon } from '@/components/icons';
import { Menu, MenuItem } from '@/components/overlays';
import { playSound } from '@/components/sound';
import { texts } from '@/config/texts';
import { usePreference } from '@/lib/preferences';
import { SORTS, type Sort } from '../api/filters';

interface Props {
  sort: Sort;
  canSort: boolean;
  onSort: (sort: Sort) => void;
  onShortcuts: () => void;
}

/** How the list is sorted, and how the browser alerts the user. */
export function OptionsMenu({ sort, canSort, onSort, onShortcuts }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [sound, setSound] = usePreference('alertSound');
  const [notifications, setNotifications] = usePreference('alertNotifications');
  const [isBlocked, setBlocked] = useState(false);
  const toggleSound = () => {
    setSound(!sound);
    if (!sound) playSound();
  };
  const toggleNotifications = async () => {
    if (notifications) return setNotifications(false);
    const isAllowed = 'Notification' in window && (await Notification.requestPermission()) === 'granted';
    setNotifications(isAllowed);
    setBlocked(!isAllowed);
  };
  const close = () => setAnchor(null);
  return (
    <>
      <Tooltip title={texts.inbox.options}>
        <IconButton
          aria-label={texts.inbox.options}
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          color={sound || notifications ? 'primary' : 'default'}
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <BellIcon />
        </IconButton>
      </Tooltip>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={close}
        slotProps={{ paper: { sx: { maxWidth: 320 } }, list: { dense: true } }}
      >
        <MenuItem role="menuitemcheckbox" aria-checked={sound} onClick={toggleSound}>
          <Check isOn={sound} />
          <Box sx={{ whiteSpace: 'normal' }}>
            {texts.inbox.alertSound}
            <Typography variant="body2" color="textSecondary">
              {texts.inbox.alertsHint}
            </Typography>
          </Box>
        </MenuItem>
        <MenuItem role="menuitemcheckbox" aria-checked={notifications} onClick={() => void toggleNotifications()}>
          <Check isOn={notifications} />
          <Box sx={{ whiteSpace: 'normal' }}>
            {texts.inbox.alertNotifications}
            {isBlocked && (
              <Typography variant="caption" color="error" role="status" sx={{ display: 'block' }}>
                {texts.inbox.alertsBlocked}
              </Typography>
            )}
          </Box>
        </MenuItem>
        <Separator />
        {canSort &&
          SORTS.map((each) => (
            <MenuItem
              key={each}
              role="menuitemradio"
              aria-checked={each === sort}
              onClick={() => {
                close();
                onSort(each);
              }}
            >
              <Check isOn={each === sort} />
              {texts.inbox.sorts[each]}
            </MenuItem>
          ))}
        {canSort && <Separator />}
        <MenuItem
          onClick={() => {
            close();
            onShortcuts();
          }}
        >
          <Check isOn={false} />
          {texts.inbox.shortcuts.title}
        </MenuItem>
      </Menu>
    </>
  );
}

function Separator() {
  return <Box component="li" role="separator" sx={{ borderBottom: 1, borderColor: 'divider', my: 0.5 }} />;
}

function Check({ isOn }: { isOn: boolean }) {
  return <DoneIcon aria-hidden sx={{ mr: 1.25, color: 'primary.main', visibility: isOn ? 'visible' : 'hidden' }} />;
}
