import { Box, Button, Stack, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { AssistantIcon, DoneIcon, PauseIcon, PersonIcon, WarningIcon } from '@/components/icons';
import { texts } from '@/config/texts';
import { formatConjunction } from '@/lib/intl';
import type { Colleague } from '@/lib/livePeople';
import { useSession } from '@/lib/session';
import { needsTakeOver, type Handler } from '../api/handler';
import type { ConversationDetail } from '@/lib/types';
import type { ConversationActions } from './useConversationActions';

interface Props {
  detail: ConversationDetail;
  handler: Handler;
  /** Whether an action waits until the customer answers yes or no. */
  waitsForAnswer: boolean;
  /** The colleagues who are writing here, and those who have the conversation open. */
  colleagues: { typing: readonly Colleague[]; present: readonly Colleague[] };
  /** Without it, the user may not act. */
  actions: ConversationActions | null;
}

const LOOK: Record<Handler, { color: string; icon: ReactNode }> = {
  ai: { color: 'primary', icon: <AssistantIcon /> },
  me: { color: 'success', icon: <PersonIcon /> },
  colleague: { color: 'warning', icon: <PersonIcon /> },
  nobody: { color: 'error', icon: <WarningIcon /> },
  paused: { color: 'warning', icon: <PauseIcon /> },
  businessPaused: { color: 'warning', icon: <PauseIcon /> },
  closed: { color: 'secondary', icon: <DoneIcon /> },
};

/** Says who answers the customer now, with the button that changes it. */
export function HandlerBar({ detail, handler, waitsForAnswer, colleagues, actions }: Props) {
  const { color, icon } = LOOK[handler];
  const reason = waitsForAnswer && handler === 'ai' ? texts.inbox.handler.waitsForYes : reasonOf(detail, handler);
  const others = othersText(colleagues.typing, colleagues.present);
  return (
    <Stack
      direction="row"
      useFlexGap
      role="status"
      sx={{
        alignItems: 'center',
        flexWrap: 'wrap',
        columnGap: 1.25,
        rowGap: 0.5,
        px: { xs: 1.5, md: 2.5 },
        py: 0.75,
        minHeight: 58, // the same with and without a second line
        borderTop: 1,
        borderColor: 'divider',
        bgcolor: `color-mix(in srgb, var(--mui-palette-${color}-main) 8%, var(--mui-palette-background-paper))`,
      }}
    >
      <Box sx={{ color: `${color}.main`, display: 'inline-flex' }}>{icon}</Box>
      <Box sx={{ flex: '1 1 130px', minWidth: 0 }}>
        <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
          {textOf(handler, detail)}
        </Typography>
        {reason && (
          <Typography variant="caption" color="textSecondary" component="p" sx={{ overflowWrap: 'anywhere' }}>
            {reason}
          </Typography>
        )}
        {others && (
          <Typography variant="caption" color="textSecondary" component="p" noWrap title={others}>
            {others}
          </Typography>
        )}
      </Box>
      {actions && (
        <Stack direction="row" spacing={1}>
          <Buttons handler={handler} actions={actions} />
        </Stack>
      )}
    </Stack>
  );
}

function Buttons({ handler, actions }: { handler: Handler; actions: ConversationActions }) {
  const { me } = useSession();
  if (handler === 'closed') return null;
  if (handler === 'me') {
    return (
      <Button size="small" variant="outlined" color="inherit" onClick={actions.handBack}>
        {texts.inbox.handBack}
      </Button>
    );
  }
  return (
    <>
      {handler === 'ai' && (
        <Button
          size="small"
          color="inherit"
          aria-label={texts.inbox.pause}
          onClick={actions.pause}
          disabled={actions.isBusy}
        >
          {texts.inbox.pauseShort}
        </Button>
      )}
      {handler === 'paused' && (
        <Button size="small" color="inherit" aria-label={texts.inbox.resume} onClick={actions.resume}>
          {texts.inbox.resumeShort}
        </Button>
      )}
      {handler === 'nobody' && (
        <Button size="small" color="inherit" onClick={actions.handBack}>
          {texts.inbox.handBack}
        </Button>
      )}
      {needsTakeOver(handler, me) && (
        <Button size="small" variant="outlined" onClick={() => actions.takeOver()} disabled={actions.isBusy}>
          {texts.inbox.takeOver}
        </Button>
      )}
    </>
  );
}

function textOf(handler: Handler, detail: ConversationDetail): string {
  if (handler === 'colleague') {
    return texts.inbox.handler.colleague({ name: detail.assignee_name ?? texts.inbox.unnamedColleague });
  }
  if (handler === 'me' && detail.status === 'paused') return texts.inbox.handler.pausedMine;
  return texts.inbox.handler[handler];
}

/** Why the conversation needs a person; null if it does not, or if a person took over on their own. */
function reasonOf(detail: ConversationDetail, handler: Handler): string | null {
  if (handler === 'closed') return null;
  const reason = detail.needs_person_reason;
  return reason && reason !== 'person' ? (texts.inbox.reasons[reason] ?? reason) : null;
}

function othersText(typing: readonly Colleague[], present: readonly Colleague[]): string | null {
  const names = (all: readonly Colleague[]) =>
    formatConjunction(all.slice(0, 3).map((each) => each.name || texts.inbox.unnamedColleague));
  if (typing.length) return texts.inbox.typing({ n: typing.length, names: names(typing) });
  return present.length ? texts.inbox.viewing({ n: present.length, names: names(present) }) : null;
}
