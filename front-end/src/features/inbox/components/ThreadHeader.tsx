import { Box, IconButton, Stack, Typography } from '@mui/material';
import { Link } from 'react-router';
import { Tooltip } from '@/components/Tooltip';
import { BackIcon, DetailsIcon, DoneIcon } from '@/components/icons';
import { texts } from '@/config/texts';
import { shortTime } from '@/lib/time';
import type { ConversationDetail } from '@/lib/types';
import { isClosed } from '../api/handler';
import { MoreMenu } from './MoreMenu';
import { SnoozeMenu } from './SnoozeMenu';
import type { ConversationActions } from './useConversationActions';

interface Props {
  detail: ConversationDetail;
  stageName: string | undefined;
  /** Where the list is; null if it is visible. */
  back: string | null;
  actions: ConversationActions | null;
  isSnoozed: boolean;
  areDetailsOpen: boolean;
  onDetails: () => void;
}

/** The customer's name, and what can be done with the conversation. */
export function ThreadHeader({ detail, stageName, back, actions, isSnoozed, areDetailsOpen, onDetails }: Props) {
  const closed = isClosed(detail);
  const name = detail.customer_name ?? texts.inbox.unnamedCustomer;
  return (
    <Stack
      direction="row"
      sx={{
        alignItems: 'center',
        gap: 0.5,
        px: { xs: 1, md: 2 },
        minHeight: 56,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      {back !== null && (
        <IconButton component={Link} to={back} aria-label={texts.inbox.backToList}>
          <BackIcon />
        </IconButton>
      )}
      <Box sx={{ flexGrow: 1, minWidth: 0, px: 0.5 }}>
        <Typography variant="h2" component={back === null ? 'h2' : 'h1'} noWrap title={name}>
          <bdi>{name}</bdi>
        </Typography>
        <Typography variant="caption" color="textSecondary" component="p" noWrap>
          {detail.snoozed_until && <b>{texts.inbox.snoozedUntil({ time: shortTime(detail.snoozed_until) })} · </b>}
          <bdi>{[stageName, detail.channel].filter(Boolean).join(' · ')}</bdi>
        </Typography>
      </Box>
      {actions && !closed && (
        <>
          <SnoozeMenu isSnoozed={isSnoozed} actions={actions} />
          <Tooltip title={texts.inbox.close}>
            <IconButton aria-label={texts.inbox.close} onClick={actions.close}>
              <DoneIcon />
            </IconButton>
          </Tooltip>
        </>
      )}
      <MoreMenu detail={detail} actions={closed ? null : actions} />
      <Tooltip title={texts.inbox.details}>
        <IconButton
          aria-label={texts.inbox.details}
          aria-expanded={areDetailsOpen}
          color={areDetailsOpen ? 'primary' : 'default'}
          onClick={onDetails}
        >
          <DetailsIcon />
        </IconButton>
      </Tooltip>
    </Stack>
  );
}
