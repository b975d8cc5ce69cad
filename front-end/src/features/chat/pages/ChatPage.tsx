import { Alert, Box, Button, Paper, Stack, Typography, useMediaQuery, useTheme } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { Link as RouterLink, Outlet, useSearchParams } from 'react-router';
import { ContinueAsCopy } from '@/components/ContinueAsCopy';
import { RulesModeChip } from '@/components/RulesModeChip';
import { Page } from '@/components/Page';
import { ErrorNotice } from '@/components/states';
import { TurnDrawer } from '@/components/turn/TurnDrawer';
import { RunningTurnPanel, TurnPanel } from '@/components/turn/panels';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { randomId } from '@/lib/ids';
import { stagesQuery, userQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { rememberChat } from '@/lib/storage';
import { useThread } from '@/lib/thread';
import { uuidOrNull } from '@/lib/format';
import { displayName } from '@/lib/users';
import type { MessageCreate } from '@/lib/types';
import { useTurn } from '@/components/turn/useTurn';
import { useLastChat } from '../api/useLastChat';
import { ChatLog } from '../components/ChatLog';
import { Composer } from '../components/Composer';
import { ConversationPicker } from '../components/ConversationPicker';
import { EmptyChat } from '../components/EmptyChat';
import { useStickToBottom } from '@/components/useStickToBottom';

export default function ChatPage() {
  const [search, setSearch] = useSearchParams();
  const userId = uuidOrNull(search.get('customer'));
  const conversationId = uuidOrNull(search.get('conversation'));
  const [sessionId, setSessionId] = useState(() => randomId());
  const { business, canEdit, canSendMessages } = useSession();
  const [text, setText] = useState(() => search.get('message') ?? '');
  const [selected, setSelected] = useState<string | null>(null);
  const [flowOpen, setFlowOpen] = useState(false);
  const isWide = useMediaQuery(useTheme().breakpoints.up('lg'));
  const { sending, error, clearError, send, retry, stop } = useTurn();
  const customer = useQuery({ ...userQuery(userId ?? ''), enabled: userId !== null });
  const isUnknown = customer.error instanceof ApiError && customer.error.status === 404;
  useLastChat(business.business_id, { userId, conversationId, isUnknown }, setSearch);
  const stages = useQuery(stagesQuery());
  const { messages, turnRows, earlier } = useThread(conversationId);
  const stageNames = useMemo(
    () => new Map(stages.data?.map((each) => [each.stage_id, each.stage_name])),
    [stages.data],
  );

  // Choosing a conversation starts a new chat session. A message sent in an earlier session is no longer shown, and its
  // answer is ignored.
  const [sendingSessionId, setSendingSessionId] = useState(sessionId);
  const latestSession = useRef(sessionId);
  const currentSending = sendingSessionId === sessionId ? sending : null;

  const choose = (nextCustomer: string | null, nextConversation: string | null) => {
    latestSession.current = randomId();
    setSessionId(latestSession.current);
    setSelected(null);
    clearError();
    scrollToBottom();
    if (!nextCustomer) rememberChat(business.business_id, null);
    const next = new URLSearchParams();
    if (nextCustomer) next.set('customer', nextCustomer);
    if (nextConversation) next.set('conversation', nextConversation);
    setSearch(next, { replace: true });
  };

  const sendText = async (message: string) => {
    if (!userId) return;
    setText('');
    setSelected(null);
    scrollToBottom();
    const body: MessageCreate = {
      user_id: userId,
      message,
      ...(conversationId ? { conversation_id: conversationId } : { session_id: sessionId }),
    };
    setSendingSessionId(sessionId);
    const outcome = await send(body);
    if (latestSession.current !== sessionId) return;
    if (!outcome) {
      // The message was not accepted: restore it, unless the user has typed something new.
      setText((now) => now || message);
      return;
    }
    if (outcome.conversationId && outcome.conversationId !== conversationId) {
      setSearch({ customer: userId, conversation: outcome.conversationId }, { replace: true });
    }
    setSelected(outcome.turnId);
  };

  const retryTurn = async (turnId: string, message: string) => {
    setSelected(null);
    setSendingSessionId(sessionId);
    await retry(turnId, message);
    if (latestSession.current === sessionId) setSelected(turnId);
  };

  const rows = conversationId ? (messages.data ?? []) : [];
  const lastTurn = rows.findLast((each) => each.turn_id !== null)?.turn_id ?? null;
  const shown = selected ?? lastTurn;
  const showFlow = (turnId: string) => {
    setSelected(turnId);
    if (!isWide) setFlowOpen(true);
  };

  const { frame, content, scrollToBottom } = useStickToBottom();

  const flow = (
    <Flow>
      {currentSending ? (
        <RunningTurnPanel live={currentSending.live} />
      ) : shown ? (
        <TurnPanel
          turnId={shown}
          templateLink={(id, turnId) => `/chat/template/${id}?${search.toString()}&turn=${turnId}`}
        />
      ) : (
        <Typography color="textSecondary" variant="body2">
          {texts.chat.flowEmpty}
        </Typography>
      )}
    </Flow>
  );

  return (
    <Page title={texts.chat.title} description={texts.chat.description} fill>
      <RulesModeChip />
      {stages.data?.length === 0 && (
        <Alert
          severity="warning"
          action={
            canEdit && (
              <Button color="inherit" size="small" component={RouterLink} to={paths.welcome}>
                {texts.stages.setUp}
              </Button>
            )
          }
        >
          {texts.chat.noStages}. {canEdit ? texts.chat.noStagesHint : texts.chat.noStagesHintReadOnly}
        </Alert>
      )}
      <Box
        sx={{
          display: 'grid',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) 440px' },
          gap: 2.5,
          flexGrow: 1,
          minHeight: 0,
        }}
      >
        <Stack spacing={2} sx={{ minHeight: 0, minWidth: 0 }}>
          <ConversationPicker
            userId={userId}
            conversationId={conversationId}
            onCustomer={(id) => choose(id, null)}
            onConversation={(id) => choose(userId, id)}
          />
          <ChatLog
            messages={conversationId ? messages : null}
            earlier={conversationId ? earlier : null}
            turns={turnRows}
            stageNames={stageNames}
            sending={currentSending}
            isBusy={sending !== null}
            selected={shown}
            onSelect={showFlow}
            onRetry={(turnId, message) => void retryTurn(turnId, message)}
            onShowSteps={isWide ? null : () => setFlowOpen(true)}
            empty={<EmptyChat isChosen={userId !== null} onCreated={(id) => choose(id, null)} />}
            frame={frame}
            content={content}
          />
          {error && (
            <ErrorNotice
              error={error}
              title={error.ids['turn_id'] ? texts.chat.failed : texts.errors.actionFailed}
              onClose={clearError}
            />
          )}
          {!canSendMessages ? (
            <Alert severity="info" role="note">
              {texts.chat.readOnly}
            </Alert>
          ) : customer.data?.is_test === false ? (
            <RealCustomerNote name={displayName(customer.data)} conversationId={conversationId} />
          ) : (
            <Composer
              text={text}
              onChange={setText}
              onSend={() => void sendText(text.trim())}
              onStop={stop}
              isSending={sending !== null}
              disabled={!customer.data}
            />
          )}
        </Stack>
        {isWide && (
          <Paper
            component="aside"
            aria-label={texts.chat.flowTitle}
            variant="outlined"
            sx={{ overflowY: 'auto', p: 2, minHeight: 0 }}
          >
            {flow}
          </Paper>
        )}
      </Box>
      {!isWide && (
        <TurnDrawer open={flowOpen} onClose={() => setFlowOpen(false)}>
          {flow}
        </TurnDrawer>
      )}
      <Outlet />
    </Page>
  );
}

function RealCustomerNote({ name, conversationId }: { name: string; conversationId: string | null }) {
  return (
    <Alert severity="info" role="note">
      <Stack spacing={1} sx={{ alignItems: 'flex-start' }}>
        <span>{texts.chat.realCustomer({ name })}</span>
        {conversationId && <ContinueAsCopy conversationId={conversationId} />}
      </Stack>
    </Alert>
  );
}

function Flow({ children }: { children: React.ReactNode }) {
  return (
    <Stack spacing={1.5}>
      <Typography variant="h2">{texts.chat.flowTitle}</Typography>
      {children}
    </Stack>
  );
}
