import { Alert, Box, useMediaQuery } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { useCommands } from '@/components/commands';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Drawer } from '@/components/overlays';
import { ErrorNotice, Loading, QueryView } from '@/components/states';
import { isWaitingForAnswer } from '@/components/turn/actionTexts';
import { useShortcuts } from '@/components/useShortcuts';
import { texts } from '@/config/texts';
import { usePreference } from '@/lib/preferences';
import { stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { useThread } from '@/lib/thread';
import { usePresence, useTyping } from '@/lib/useLive';
import { handlerOf } from '../api/handler';
import { heldMessages } from '../api/heldMessages';
import type { ConversationDetail } from '@/lib/types';
import { useReadMark } from '../api/useReadMark';
import { DetailsPane } from './DetailsPane';
import { HandlerBar } from './HandlerBar';
import { ReplyWindow } from './ReplyWindow';
import { type Kind, StaffComposer } from './StaffComposer';
import { Thread, focusThread } from './Thread';
import { ThreadHeader } from './ThreadHeader';
import { conversationCommands } from './conversationCommands';
import { useConversationActions } from './useConversationActions';

const ConversationDialogs = loadWhenOpened(async () => (await import('./ConversationDialogs')).ConversationDialogs);

interface Props {
  detail: ConversationDetail;
  /** Where the list is; null if it is visible. */
  back: string | null;
  onLeave: () => void;
}

const WIDE = '(min-width: 1280px)'; // there is space for the details beside the thread

/** An open conversation: its messages, the composer, and the details on the right or in a drawer. */
export function ConversationPane({ detail, back, onLeave }: Props) {
  const id = detail.conversation_id;
  const { me, business, canSendMessages } = useSession();
  const { messages: thread, turns, turnRows, earlier } = useThread(id, { notes: true });
  const messages = thread.data;
  const stages = useQuery(stagesQuery());
  const isWide = useMediaQuery(WIDE);
  const [chosen, setChosen] = useState<{ isWide: boolean; isOpen: boolean } | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [kind, setKind] = useState<Kind>('reply');
  const area = useRef<HTMLTextAreaElement>(null);
  const actions = useConversationActions(detail);
  const [singleKeys] = usePreference('singleKeyShortcuts');
  const handler = handlerOf(detail, me, business);
  const held = useMemo(() => heldMessages(messages ?? [], turnRows), [messages, turnRows]);
  const stage = stages.data?.find((each) => each.stage_id === detail.stage_id);
  const isSnoozed = detail.snoozed_until !== null;
  // The choice is forgotten when the width changes: in wide windows the details are open at first.
  const isShown = chosen?.isWide === isWide ? chosen.isOpen : isWide;
  const setDetailsOpen = (isOpen: boolean) => setChosen({ isWide, isOpen });
  const present = usePresence(id);
  const [typing, reportTyping] = useTyping(id);
  useReadMark(id, messages?.at(-1)?.seq, detail.unread);

  const write = (next: Kind) => {
    setKind(next);
    area.current?.focus();
  };
  const select = (turnId: string) => {
    setSelected(turnId);
    setDetailsOpen(true);
  };
  useShortcuts(
    canSendMessages
      ? {
          r: () => write('reply'),
          n: () => write('note'),
          e: () => handler !== 'closed' && actions.close(),
          Escape: onLeave,
        }
      : { Escape: onLeave },
    singleKeys,
  );
  useCommands(() => (canSendMessages ? conversationCommands({ handler, isSnoozed, actions, write }) : []));

  const details = (
    <DetailsPane
      detail={detail}
      messages={messages ?? []}
      selected={selected}
      onSelect={setSelected}
      onClose={() => setDetailsOpen(false)}
      actions={canSendMessages ? actions : null}
    />
  );
  return (
    <Box sx={{ display: 'flex', flex: '1 1 0', minWidth: 0, minHeight: 0 }}>
      <Box sx={{ display: 'flex', flexDirection: 'column', flex: '1 1 0', minWidth: 0, minHeight: 0 }}>
        <ThreadHeader
          detail={detail}
          stageName={stage?.stage_name}
          back={back}
          actions={canSendMessages ? actions : null}
          isSnoozed={isSnoozed}
          areDetailsOpen={isShown}
          onDetails={() => setDetailsOpen(!isShown)}
        />
        {turns.error && (
          <ErrorNotice title={texts.errors.title} error={turns.error} onRetry={() => void turns.refetch()} />
        )}
        <Box sx={{ flex: '1 1 0', minHeight: 0, display: 'flex', flexDirection: 'column' }}>
          {messages === undefined && !thread.error ? (
            <Loading />
          ) : (
            <QueryView query={thread}>
              {(rows) => (
                <Thread
                  conversationId={id}
                  messages={rows}
                  turns={turnRows}
                  earlier={earlier}
                  myId={me.user?.user_id ?? null}
                  selected={isShown ? selected : null}
                  onSelect={select}
                  takesFocus={back !== null}
                />
              )}
            </QueryView>
          )}
        </Box>
        {actions.error && !actions.dialog && <ErrorNotice error={actions.error} onClose={actions.clearError} />}
        <HandlerBar
          detail={detail}
          handler={handler}
          waitsForAnswer={isWaitingForAnswer(turns.data ?? [])}
          colleagues={{ typing, present }}
          actions={canSendMessages ? actions : null}
        />
        {canSendMessages && detail.reply_window && <ReplyWindow window={detail.reply_window} />}
        {canSendMessages ? (
          <StaffComposer
            detail={detail}
            handler={handler}
            kind={kind}
            onKind={setKind}
            actions={actions}
            area={area}
            onLeave={focusThread}
            onTyping={reportTyping}
          />
        ) : (
          <Alert severity="info" sx={{ border: 0, borderRadius: 0 }}>
            {texts.inbox.readOnly}
          </Alert>
        )}
      </Box>
      {isWide && isShown && (
        <Box
          component="aside"
          aria-label={texts.inbox.details}
          sx={{ width: 340, flexShrink: 0, borderLeft: 1, borderColor: 'divider', overflowY: 'auto' }}
        >
          {details}
        </Box>
      )}
      {!isWide && (
        <Drawer
          anchor="right"
          open={isShown}
          onClose={() => setDetailsOpen(false)}
          slotProps={{ paper: { 'aria-label': texts.inbox.details, sx: { width: { xs: '100%', sm: 400 } } } }}
        >
          {details}
        </Drawer>
      )}
      {actions.dialog && <ConversationDialogs actions={actions} held={held} />}
    </Box>
  );
}
