import { IconButton } from '@mui/material';
import { useState } from 'react';
import { Link } from 'react-router';
import { Tooltip } from '@/components/Tooltip';
import { ContinueAsCopyItem } from '@/components/ContinueAsCopy';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { MoreIcon } from '@/components/icons';
import { Menu, MenuItem } from '@/components/overlays';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { displayName } from '@/lib/users';
import type { ConversationDetail } from '@/lib/types';
import type { ConversationActions } from './useConversationActions';

const CreateTestCaseItem = loadWhenOpened(
  async () => (await import('@/components/testCase/CreateTestCase')).CreateTestCaseItem,
);

/** The less frequent actions of a conversation. */
export function MoreMenu({ detail, actions }: { detail: ConversationDetail; actions: ConversationActions | null }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { me, canEdit } = useSession();
  const choose = (act: () => void) => () => {
    setAnchor(null);
    act();
  };
  const user = me.role === null ? null : me.user; // operators who are not members cannot be assigned
  return (
    <>
      <Tooltip title={texts.inbox.moreActions}>
        <IconButton
          aria-label={texts.inbox.moreActions}
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <MoreIcon />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {actions && user && detail.assignee_id !== user.user_id && (
          <MenuItem onClick={choose(() => actions.assign({ user_id: user.user_id, name: displayName(user) }))}>
            {texts.inbox.assignToMe}
          </MenuItem>
        )}
        {actions &&
          (detail.status === 'paused' ? (
            <MenuItem onClick={choose(actions.resume)}>{texts.inbox.resume}</MenuItem>
          ) : (
            <MenuItem onClick={choose(actions.pause)}>{texts.inbox.pause}</MenuItem>
          ))}
        {actions && <ContinueAsCopyItem conversationId={detail.conversation_id} />}
        {canEdit && <CreateTestCaseItem conversationId={detail.conversation_id} />}
        <MenuItem component={Link} to={paths.conversation(detail.conversation_id)}>
          {texts.inbox.openInArchive}
        </MenuItem>
      </Menu>
    </>
  );
}
