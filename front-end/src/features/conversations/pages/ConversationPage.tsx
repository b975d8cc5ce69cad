import { Box, Button, Chip, Paper, Stack, Typography, useMediaQuery, useTheme } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, Outlet, useParams, useSearchParams } from 'react-router';
import { asJson } from '@/components/CodeText';
import { ContinueAsCopy } from '@/components/ContinueAsCopy';
import { Page } from '@/components/Page';
import { SummaryView } from '@/components/SummaryView';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { Card, Empty, QueryView } from '@/components/states';
import { CreateTestCase } from '@/components/testCase/CreateTestCase';
import { Messages } from '@/components/turn/Messages';
import { TurnDrawer } from '@/components/turn/TurnDrawer';
import { TurnPanel } from '@/components/turn/panels';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { fieldName } from '@/lib/fieldNames';
import { displayName } from '@/lib/users';
import { conversationQuery, stagesQuery, userQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { useThread } from '@/lib/thread';
import type { ConversationDetail } from '@/lib/types';
import { uuidOrNull } from '@/lib/format';

export default function ConversationPage() {
  const { conversationId = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const { canEdit, canSendMessages } = useSession();
  const conversation = useQuery(conversationQuery(conversationId));
  const userId = conversation.data?.user_id;
  const user = useQuery({ ...userQuery(userId ?? ''), enabled: userId !== undefined });
  const { messages, turnRows, earlier } = useThread(conversationId);
  const stages = useQuery(stagesQuery());
  const stageNames = useMemo(
    () => new Map(stages.data?.map((each) => [each.stage_id, each.stage_name])),
    [stages.data],
  );
  const isWide = useMediaQuery(useTheme().breakpoints.up('lg'));
  const chosen = uuidOrNull(search.get('turn'));
  const shown = chosen ?? (isWide ? (messages.data?.findLast((each) => each.turn_id)?.turn_id ?? null) : null);
  const select = (turnId: string | null) => setSearch(turnId ? { turn: turnId } : {}, { replace: true });
  const row = conversation.data;
  const name = user.data ? displayName(user.data) : null;

  const flow = shown && (
    <Stack spacing={1.5}>
      <Typography variant="h2">{texts.chat.flowTitle}</Typography>
      <TurnPanel
        turnId={shown}
        templateLink={(id, turnId) => `${paths.conversation(conversationId)}/template/${id}?turn=${turnId}`}
      />
    </Stack>
  );
  return (
    <Page
      title={name ? texts.conversations.with({ name }) : texts.conversations.detail}
      back={{ to: paths.conversations, label: texts.conversations.title }}
      actions={
        row &&
        canSendMessages && (
          <>
            {canEdit && <CreateTestCase conversationId={conversationId} />}
            {row.is_test && row.status !== 'completed' ? (
              <Button variant="outlined" component={Link} to={paths.chatWith(row.user_id, conversationId)}>
                {texts.conversations.continue}
              </Button>
            ) : (
              <ContinueAsCopy conversationId={conversationId} />
            )}
          </>
        )
      }
    >
      <QueryView query={conversation}>
        {(detail) => (
          <Box
            sx={{
              display: 'grid',
              gap: 2.5,
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) 440px' },
              alignItems: 'start',
            }}
          >
            <Stack spacing={2.5} sx={{ minWidth: 0 }}>
              <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
                <Chip
                  size="small"
                  variant="outlined"
                  label={texts.conversations.statuses[detail.status] ?? detail.status}
                />
                <Chip
                  size="small"
                  variant="outlined"
                  color={detail.handled_by === 'human' ? 'warning' : 'default'}
                  label={`${texts.conversations.handledBy}: ${texts.conversations.handlers[detail.handled_by] ?? detail.handled_by}`}
                />
                {detail.stage_id && (
                  <Chip
                    size="small"
                    variant="outlined"
                    clickable
                    component={Link}
                    to={paths.stage(detail.stage_id)}
                    label={`${texts.conversations.stage}: ${stageNames.get(detail.stage_id) ?? texts.common.unknown}`}
                  />
                )}
                <Typography variant="body2" color="textSecondary">
                  <TextWith text={texts.conversations.started} values={{ time: <Time iso={detail.start_time} /> }} />
                </Typography>
              </Stack>
              <Paper variant="outlined" sx={{ p: 2, minWidth: 0 }}>
                <QueryView query={messages}>
                  {(rows) =>
                    rows.length ? (
                      <Messages
                        messages={rows}
                        turns={turnRows}
                        earlier={earlier}
                        stageNames={stageNames}
                        selected={shown}
                        onSelect={select}
                      />
                    ) : (
                      <Empty title={texts.conversations.noMessages} />
                    )
                  }
                </QueryView>
              </Paper>
              <CollectedInformation detail={detail} />
            </Stack>
            {isWide && (
              <Paper
                component="aside"
                aria-label={texts.chat.flowTitle}
                variant="outlined"
                sx={{ p: 2, position: 'sticky', top: 16, maxHeight: 'calc(100dvh - 32px)', overflowY: 'auto' }}
              >
                {flow ?? (
                  <Typography variant="body2" color="textSecondary">
                    {texts.chat.flowEmpty}
                  </Typography>
                )}
              </Paper>
            )}
          </Box>
        )}
      </QueryView>
      {!isWide && (
        <TurnDrawer open={Boolean(chosen)} onClose={() => select(null)}>
          {flow}
        </TurnDrawer>
      )}
      <Outlet />
    </Page>
  );
}

/** The information collected in the conversation, and its summary. */
function CollectedInformation({ detail }: { detail: ConversationDetail }) {
  const collected = Object.entries(detail.collected_data);
  return (
    <Box
      sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' } }}
    >
      <Card component="section">
        <Typography variant="h2" gutterBottom>
          {texts.conversations.collected}
        </Typography>
        {collected.length ? (
          collected.map(([name, value]) => (
            <Box key={name} sx={{ mb: 1 }}>
              <Typography variant="overline" component="p">
                {fieldName(name)}
              </Typography>
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
                {asJson(value)}
              </Typography>
            </Box>
          ))
        ) : (
          <Typography variant="body2" color="textSecondary">
            {texts.conversations.noCollected}
          </Typography>
        )}
      </Card>
      <Card component="section">
        <Typography variant="h2" gutterBottom>
          {texts.conversations.summary}
        </Typography>
        <SummaryView summary={detail.conversation_summary} />
      </Card>
    </Box>
  );
}
