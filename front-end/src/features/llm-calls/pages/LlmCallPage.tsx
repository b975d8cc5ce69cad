import { Alert, Box, Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { CodeText, asJson } from '@/components/CodeText';
import { ValueView } from '@/components/ValueView';
import { Page } from '@/components/Page';
import { Time } from '@/components/Time';
import { Card, QueryView } from '@/components/states';
import { Cleared, isCleared, messagesOf, parsedAnswerOf } from '@/components/turn/StepDetail';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { formatDollars, formatDuration, formatNumber } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { LlmCallDetail } from '@/lib/types';
import { llmCallQuery } from '../api/llmCalls';

export default function LlmCallPage() {
  const { callId = '' } = useParams();
  const { canEdit } = useSession();
  const call = useQuery(llmCallQuery(callId));
  const row = call.data;
  return (
    <Page
      title={row ? `${texts.turn.steps[row.step] ?? row.step} · ${row.model}` : texts.llmCalls.detail}
      back={{ to: paths.llmCalls, label: texts.llmCalls.title }}
      actions={
        row && (
          <>
            {row.template_id && (
              <Button variant="outlined" component={Link} to={paths.template(row.template_id)}>
                {canEdit ? texts.turn.editTemplate : texts.turn.openTemplate}
              </Button>
            )}
            {row.conversation_id && (
              <Button
                variant="outlined"
                component={Link}
                to={paths.conversation(row.conversation_id, row.turn_id ?? undefined)}
              >
                {row.turn_id ? texts.llmCalls.openTurn : texts.llmCalls.openConversation}
              </Button>
            )}
          </>
        )
      }
    >
      <QueryView query={call}>{(detail) => <Detail call={detail} />}</QueryView>
    </Page>
  );
}

function Detail({ call }: { call: LlmCallDetail }) {
  const details: [string, React.ReactNode][] = [
    [texts.llmCalls.time, <Time key="time" iso={call.created_at} full />],
    [texts.llmCalls.status, texts.llmCalls.statuses[call.status] ?? call.status],
    [texts.llmCalls.latency, formatDuration(call.latency_ms)],
    ...(call.first_token_ms === null
      ? []
      : [[texts.llmCalls.firstToken, formatDuration(call.first_token_ms)] as [string, string]]),
    ...(call.prompt_tokens === null
      ? []
      : [
          [
            texts.llmCalls.tokens,
            texts.common.tokenDetails({ prompt: call.prompt_tokens, completion: call.completion_tokens ?? 0 }),
          ] as [string, string],
        ]),
    ...(call.cached_tokens === null
      ? []
      : [[texts.llmCalls.cachedTokens, formatNumber(call.cached_tokens)] as [string, string]]),
    ...(call.reasoning_tokens === null
      ? []
      : [[texts.llmCalls.reasoningTokens, formatNumber(call.reasoning_tokens)] as [string, string]]),
    ...(call.prompt_tokens === null
      ? []
      : [
          [texts.llmCalls.cost, call.cost_usd === null ? texts.llmCalls.noPriceHint : formatDollars(call.cost_usd)] as [
            string,
            string,
          ],
        ]),
    [texts.llmCalls.attempt, call.attempt],
    ...(call.template_version === null
      ? []
      : [[texts.llmCalls.template, texts.common.version({ n: call.template_version })] as [string, string]]),
  ];
  return (
    <>
      {call.error && <Alert severity="error">{texts.turn.callError({ text: call.error })}</Alert>}
      <Card>
        <Box
          component="dl"
          sx={{ m: 0, display: 'grid', gap: 1.5, gridTemplateColumns: 'repeat(auto-fill, minmax(150px, 1fr))' }}
        >
          {details.map(([name, value]) => (
            <div key={name}>
              <Typography component="dt" variant="overline">
                {name}
              </Typography>
              <Typography component="dd" variant="body2" sx={{ m: 0 }}>
                {value}
              </Typography>
            </div>
          ))}
        </Box>
      </Card>
      {isCleared(call) ? <Cleared /> : <PromptAndAnswer call={call} />}
    </>
  );
}

function PromptAndAnswer({ call }: { call: LlmCallDetail }) {
  const { messages: _, ...settings } = call.request;
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' },
        alignItems: 'start',
      }}
    >
      <Stack component="section" spacing={1} aria-label={texts.llmCalls.prompt}>
        <Typography variant="h2">{texts.llmCalls.prompt}</Typography>
        {messagesOf(call).map((message, at) => (
          // eslint-disable-next-line react/no-array-index-key -- a prompt's messages have no ID and keep their order
          <div key={at}>
            <Typography variant="overline" component="p">
              {texts.turn.roles[message.role] ?? message.role}
            </Typography>
            <CodeText
              label={`${texts.llmCalls.prompt}: ${texts.turn.roles[message.role] ?? message.role}`}
              text={message.content}
              maxHeight={420}
            />
          </div>
        ))}
        <Typography variant="overline" component="p">
          {texts.llmCalls.settings}
        </Typography>
        <CodeText label={texts.llmCalls.settings} text={asJson(settings)} maxHeight={240} />
      </Stack>
      <Stack component="section" spacing={1} aria-label={texts.llmCalls.answer}>
        <Typography variant="h2">{texts.llmCalls.answer}</Typography>
        {call.response || !call.error ? (
          <CodeText label={texts.llmCalls.answerText} text={call.response || texts.turn.emptyAnswer} maxHeight={420} />
        ) : (
          <Typography variant="body2" color="textSecondary">
            {texts.llmCalls.noAnswer}
          </Typography>
        )}
        {parsedAnswerOf(call) !== null && (
          <>
            <Typography variant="overline" component="p">
              {texts.llmCalls.parsed}
            </Typography>
            <ValueView label={texts.llmCalls.parsed} value={parsedAnswerOf(call)} />
          </>
        )}
      </Stack>
    </Box>
  );
}
