import { Box, Stack, Typography } from '@mui/material';
import { type ReactNode, memo } from 'react';
import { Link } from 'react-router';
import { OneLine } from '@/components/OneLine';
import { ScreenReaderText } from '@/components/ScreenReaderText';
import { ClockIcon, DoneIcon, PauseIcon, PersonIcon, WarningIcon } from '@/components/icons';
import { failureText } from '@/components/turn/FailureLink';
import { texts } from '@/config/texts';
import { deliveryTexts } from '@/config/texts/channels';
import { formatUpTo } from '@/lib/intl';
import { fullTime, compactTime, shortTime } from '@/lib/time';
import type { Draft } from '../api/drafts';
import { isClosed } from '../api/handler';
import type { Conversation } from '@/lib/types';
import { durationSince } from './durations';

type LastMessage = NonNullable<Conversation['last_message']>;

interface Props {
  row: Conversation;
  to: string;
  isOpen: boolean;
  draft: Draft | undefined;
  /** The ID of the signed-in user, or null. */
  myId: string | null;
  now: number;
}

const OPEN = 'color-mix(in srgb, var(--mui-palette-primary-main) 9%, var(--mui-palette-background-paper))';

/** A conversation in the list, as one link. */
export const ConversationRow = memo(function ConversationRow({ row, to, isOpen, draft, myId, now }: Props) {
  const last = row.last_message;
  const isUnread = row.unread > 0;
  // What the assistant has answered is not urgent, although the user has not read it.
  const isUrgent = isUnread && (row.handled_by === 'human' || row.waiting_since !== null);
  return (
    <Box component="li" sx={{ borderBottom: 1, borderColor: 'divider' }}>
      <Box
        component={Link}
        to={to}
        data-conversation={row.conversation_id}
        aria-current={isOpen ? 'page' : undefined}
        sx={{
          display: 'block',
          px: 2,
          py: 1.25,
          color: 'text.primary',
          textDecoration: 'none',
          borderLeft: 3,
          borderColor: isOpen ? 'primary.main' : 'transparent',
          bgcolor: isOpen ? OPEN : 'transparent',
          '&:hover': { bgcolor: isOpen ? OPEN : 'action.hover' },
          '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: -2 },
        }}
      >
        <Stack direction="row" spacing={1} sx={{ alignItems: 'baseline' }}>
          <Typography
            noWrap
            sx={{ flexGrow: 1, minWidth: 0, fontWeight: isUrgent ? 700 : 550, fontSize: '0.95rem' }}
            color={isClosed(row) ? 'textSecondary' : 'textPrimary'}
          >
            <OneLine text={row.customer_name ?? texts.inbox.unnamedCustomer} />
          </Typography>
          <Typography
            component="time"
            variant="caption"
            color="textSecondary"
            dateTime={last?.created_at ?? row.last_updated}
            title={fullTime(last?.created_at ?? row.last_updated)}
            sx={{ flexShrink: 0 }}
          >
            {compactTime(last?.created_at ?? row.last_updated, new Date(now))}
          </Typography>
        </Stack>
        <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
          <Typography
            variant="body2"
            noWrap
            color={isUrgent ? 'textPrimary' : 'textSecondary'}
            sx={{ display: 'flex', columnGap: '0.5ch', flexGrow: 1, minWidth: 0, fontWeight: isUrgent ? 550 : 400 }}
          >
            <Preview last={last} draft={draft} myId={myId} />
          </Typography>
          {isUnread && (
            <Box
              sx={{
                flexShrink: 0,
                minWidth: 20,
                px: 0.75,
                borderRadius: 5,
                bgcolor: isUrgent ? 'primary.main' : 'action.selected',
                color: isUrgent ? 'primary.contrastText' : 'text.primary',
                fontSize: '0.75rem',
                fontWeight: 650,
                lineHeight: '20px',
                textAlign: 'center',
              }}
            >
              <span aria-hidden>{formatUpTo(99, row.unread)}</span>
              <ScreenReaderText>{texts.inbox.unread({ n: row.unread })}</ScreenReaderText>
            </Box>
          )}
        </Stack>
        <Signals row={row} myId={myId} now={now} />
      </Box>
    </Box>
  );
});

/** The last message with its sender, or what the user has begun to write. */
function Preview({ last, draft, myId }: { last: LastMessage | null; draft: Draft | undefined; myId: string | null }) {
  const unsent = draft?.reply || draft?.note;
  if (unsent) {
    return (
      <>
        <Box component="span" sx={{ flexShrink: 0, color: 'warning.main', fontWeight: 600 }}>
          {texts.inbox.draft}
        </Box>{' '}
        <OneLine text={unsent} />
      </>
    );
  }
  if (!last) return texts.conversations.noMessages;
  if (last.sender_type === 'user') return <OneLine text={last.text} />;
  const isMine = last.sender_type === 'agent' && myId !== null && last.sender_user_id === myId;
  const sender =
    last.sender_type === 'assistant'
      ? texts.inbox.assistant
      : isMine
        ? texts.inbox.you
        : (last.sender_name ?? texts.inbox.staff);
  return (
    <>
      <span style={{ flexShrink: 0 }}>
        <bdi>{sender}</bdi>:
      </span>{' '}
      <OneLine text={last.text} />
    </>
  );
}

interface SignalsProps {
  row: Conversation;
  myId: string | null;
  now: number;
}

/** What needs attention, and who handles the conversation. */
function Signals({ row, myId, now }: SignalsProps) {
  const signals: ReactNode[] = [];
  if (row.needs_person) {
    signals.push(
      <Signal key="person" icon={<WarningIcon />} color="error.main">
        {texts.inbox.needsPerson}
      </Signal>,
    );
  }
  if (row.waiting_since) {
    signals.push(
      <Signal key="waiting" icon={<ClockIcon />} color="warning.main">
        {texts.inbox.waitingFor({ duration: durationSince(row.waiting_since, now) })}
      </Signal>,
    );
  }
  if (row.last_message?.failure) {
    signals.push(
      <Signal key="failed" icon={<WarningIcon />} color="error.main">
        {failureText(row.last_message.failure, true)}
      </Signal>,
    );
  }
  const delivery = row.last_message?.delivery_status;
  if (delivery === 'failed' || delivery === 'unknown') {
    signals.push(
      <Signal key="delivery" icon={<WarningIcon />} color={delivery === 'failed' ? 'error.main' : 'warning.main'}>
        {deliveryTexts.statuses[delivery]}
      </Signal>,
    );
  }
  if (row.snoozed_until && Date.parse(row.snoozed_until) > now) {
    signals.push(
      <Signal key="snoozed" icon={<ClockIcon />}>
        {texts.inbox.snoozedUntil({ time: shortTime(row.snoozed_until) })}
      </Signal>,
    );
  }
  if (isClosed(row)) {
    signals.push(
      <Signal key="closed" icon={<DoneIcon />}>
        {texts.inbox.closed}
      </Signal>,
    );
  } else if (row.assignee_id) {
    const isMine = row.assignee_id === myId;
    const name = isMine ? texts.inbox.you : (row.assignee_name ?? texts.inbox.unnamedColleague);
    signals.push(
      <Signal key="assignee" icon={<PersonIcon />}>
        <ScreenReaderText>{isMine ? texts.inbox.assignedToYou : texts.inbox.assignedTo({ name })}</ScreenReaderText>
        <bdi aria-hidden>{name}</bdi>
      </Signal>,
    );
  } else if (row.status === 'paused') {
    signals.push(
      <Signal key="paused" icon={<PauseIcon />}>
        {texts.inbox.paused}
      </Signal>,
    );
  }
  for (const tag of row.tags.slice(0, 3)) {
    signals.push(
      <Signal key={`tag ${tag}`}>
        #<bdi>{tag}</bdi>
      </Signal>,
    );
  }
  if (!signals.length) return null;
  return (
    <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', columnGap: 1.25, rowGap: 0, mt: 0.25 }}>
      {signals}
    </Stack>
  );
}

function Signal({ icon, color, children }: { icon?: ReactNode; color?: string; children: ReactNode }) {
  return (
    <Typography
      variant="caption"
      component="span"
      noWrap
      sx={{
        color: color ?? 'text.secondary',
        display: 'inline-flex',
        alignItems: 'center',
        gap: 0.5,
        maxWidth: '100%',
        fontWeight: color ? 600 : 400,
        '& svg': { fontSize: 14, flexShrink: 0 },
      }}
    >
      {icon}
      <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
        {children}
      </Box>
    </Typography>
  );
}
