import { Alert, Box, Button, Stack, Typography } from '@mui/material';
import { type ReactNode, useId, useState } from 'react';
import { Link as RouterLink, useLocation } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { formatDuration } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { LlmCallDetail, TurnDetail, TurnStep } from '@/lib/types';
import { Tabs } from '../Tabs';
import { CodeText, asJson } from '../CodeText';
import { ValueView } from '../ValueView';
import { ActionResults } from './ActionResults';
import { FoundPassages } from './FoundPassages';
import { Similarities } from './Similarities';
import { StepActions } from './StepActions';
import type { TemplateLink } from './TurnFlow';
import { actionResultsOf } from './actionTexts';
import { passagesOf } from './passages';
import { costText } from './turnSteps';

type TabName = 'prompt' | 'variables' | 'answer' | 'result';

/** The details of a step: rendered prompt, variables, the model's answer, the result. */
export default function StepDetail({
  attempts,
  turn,
  templateLink,
}: {
  attempts: readonly TurnStep[];
  turn: TurnDetail;
  templateLink: TemplateLink;
}) {
  const [chosen, setChosen] = useState(0);
  const step = attempts[Math.min(chosen, attempts.length - 1)];
  const [selectedTab, setTab] = useState<TabName>('prompt');
  const id = useId();
  const { pathname, search } = useLocation();
  const { canEdit } = useSession();
  if (!step) return null;
  const templateId = step.calls.find((each) => each.template_id)?.template_id;
  const tabs: readonly TabName[] = step.calls.length
    ? ['prompt', 'variables', 'answer', 'result']
    : step.variables.length
      ? ['result', 'variables']
      : ['result'];
  const tab = tabs.includes(selectedTab) ? selectedTab : 'result';
  const { similarities: _, passages: _passages, is_answer: _isAnswer, ...result } = step.output ?? {};
  const passages = passagesOf(step.output);
  const results = step.step === 'actions' ? actionResultsOf(step.output) : null;
  return (
    <Box sx={{ px: 1.25, pb: 1.5 }}>
      {attempts.length > 1 && (
        <Tabs
          id={`${id}-attempt`}
          label={texts.turn.attempts({ n: attempts.length })}
          tabs={attempts.map((each, index) => ({
            value: String(index),
            label: (each.discarded ? texts.turn.discardedAttempt : texts.turn.attempt)({ n: each.attempt }),
            panelId: `${id}-panel`,
          }))}
          value={String(chosen)}
          onChange={(next) => setChosen(Number(next))}
        />
      )}
      {step.discarded && (
        <Alert severity="info" sx={{ my: 1 }}>
          {texts.turn.discarded({ reason: step.decision ?? '', cost: costText([step]) }).trim()}
        </Alert>
      )}
      <Stack
        direction="row"
        useFlexGap
        sx={{
          alignItems: 'center',
          justifyContent: 'space-between',
          flexWrap: 'wrap',
          gap: 1,
          mt: tabs.length > 1 ? 0 : 1,
          mb: 1.25,
        }}
      >
        {tabs.length > 1 && (
          <Tabs
            id={id}
            label={texts.turn.steps[step.step] ?? step.step}
            tabs={tabs.map((name) => ({ value: name, label: texts.turn.tabs[name] }))}
            value={tab}
            onChange={setTab}
          />
        )}
        {!templateId && turn.stage_id && step.engine && step.engine !== 'model' && (
          <Button
            size="small"
            variant="outlined"
            component={RouterLink}
            to={paths.stage(turn.stage_id)}
            state={{ from: pathname + search }}
          >
            {canEdit ? texts.turn.editStage : texts.turn.openStage}
          </Button>
        )}
        {templateId && (
          <Button size="small" variant="outlined" component={RouterLink} to={templateLink(templateId, turn.turn_id)}>
            {canEdit ? texts.turn.editTemplate : texts.turn.openTemplate}
          </Button>
        )}
      </Stack>
      {canEdit && !step.discarded && <StepActions step={step} turn={turn} />}
      <Stack role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} spacing={1.5}>
        {tab === 'prompt' && <Prompt calls={step.calls} />}
        {tab === 'variables' && <Variables variables={step.variables} />}
        {tab === 'answer' && <Answers calls={step.calls} />}
        {tab === 'result' && <Similarities output={step.output} />}
        {tab === 'result' && passages && passages.length > 0 && <FoundPassages passages={passages} />}
        {/* If only the articles were searched, the passages are the result. */}
        {tab === 'result' &&
          !(passages?.length && result['status'] === 'none') &&
          (results ? (
            <ActionResults results={results} question={result['question']} />
          ) : (
            <ValueView label={texts.turn.tabs.result} value={result} />
          ))}
      </Stack>
    </Box>
  );
}

function Prompt({ calls }: { calls: readonly LlmCallDetail[] }) {
  return (
    <Calls calls={calls}>
      {(call) =>
        messagesOf(call).map((message, at) => (
          // eslint-disable-next-line react/no-array-index-key -- a prompt's messages have no ID and keep their order
          <Box key={at}>
            <Typography variant="overline" component="p">
              {texts.turn.roles[message.role] ?? message.role}
            </Typography>
            <CodeText label={texts.turn.roles[message.role] ?? message.role} text={message.content} maxHeight={300} />
          </Box>
        ))
      }
    </Calls>
  );
}

function Answers({ calls }: { calls: readonly LlmCallDetail[] }) {
  return (
    <Calls calls={calls}>
      {(call) => (
        <>
          {call.error && <Alert severity="error">{texts.turn.callError({ text: call.error })}</Alert>}
          {(call.response || !call.error) && (
            <>
              <Typography variant="overline" component="p">
                {texts.turn.raw}
              </Typography>
              <CodeText label={texts.turn.raw} text={call.response || texts.turn.emptyAnswer} />
            </>
          )}
          {parsedAnswerOf(call) !== null && (
            <>
              <Typography variant="overline" component="p">
                {texts.turn.parsed}
              </Typography>
              <ValueView label={texts.turn.parsed} value={parsedAnswerOf(call)} />
            </>
          )}
        </>
      )}
    </Calls>
  );
}

function Calls({ calls, children }: { calls: readonly LlmCallDetail[]; children: (call: LlmCallDetail) => ReactNode }) {
  if (!calls.length)
    return (
      <Typography variant="body2" color="textSecondary">
        {texts.turn.noPrompt}
      </Typography>
    );
  return calls.map((call, index) => (
    <Stack key={call.call_id} spacing={1}>
      <CallHeading call={call} index={index} all={calls.length} />
      {isCleared(call) ? <Cleared /> : children(call)}
    </Stack>
  ));
}

/** Says that prompt and answer of a call are no longer stored. */
export function Cleared() {
  return (
    <Typography variant="body2" color="textSecondary">
      {texts.turn.promptDeleted}
    </Typography>
  );
}

function CallHeading({ call, index, all }: { call: LlmCallDetail; index: number; all: number }) {
  return (
    <Stack
      direction="row"
      useFlexGap
      spacing={1}
      sx={{ justifyContent: 'space-between', alignItems: 'center', flexWrap: 'wrap' }}
    >
      <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
        {all > 1 && `${texts.turn.callNumber({ n: index + 1, total: all })} · `}
        {call.model} · {formatDuration(call.latency_ms)}
        {call.template_version !== null && ` · ${texts.common.version({ n: call.template_version })}`}
      </Typography>
      <Button size="small" component={RouterLink} to={paths.llmCall(call.call_id)}>
        {texts.turn.openCall}
      </Button>
    </Stack>
  );
}

export function Variables({ variables }: { variables: TurnStep['variables'] }) {
  if (!variables.length)
    return (
      <Typography variant="body2" color="textSecondary">
        {texts.turn.noVariables}
      </Typography>
    );
  return (
    <Box component="dl" sx={{ m: 0 }}>
      {variables.map(({ name, value, history }) => (
        <Box key={name} sx={{ mb: 1.25 }}>
          <Typography component="dt" variant="overline">{`{${name}}`}</Typography>
          <Box component="dd" sx={{ m: 0 }}>
            {value === null || value === '' ? (
              <Typography variant="body2" color="textSecondary">
                {texts.turn.noValue}
              </Typography>
            ) : (
              <CodeText label={name} text={asJson(value)} maxHeight={180} />
            )}
            {history && (
              <Typography variant="caption" component="p" color="textSecondary">
                {texts.turn.historyBudget({
                  tokens: history.tokens,
                  max: history.max_tokens,
                  leftOut: history.left_out,
                })}
              </Typography>
            )}
          </Box>
        </Box>
      ))}
    </Box>
  );
}

/** The parsed answer, or null if there is none or it equals the raw answer. */
export function parsedAnswerOf({ parsed, response }: Pick<LlmCallDetail, 'parsed' | 'response'>): unknown {
  const text = typeof parsed === 'object' && parsed !== null && 'reply' in parsed ? parsed.reply : parsed;
  return parsed === undefined || text === response ? null : parsed;
}

/** Whether prompt and answer were deleted because of their age. */
export function isCleared({ request }: Pick<LlmCallDetail, 'request'>): boolean {
  return Object.keys(request).length === 0;
}

export function messagesOf(call: Pick<LlmCallDetail, 'request'>): { role: string; content: string }[] {
  const messages: unknown = call.request['messages'];
  if (!Array.isArray(messages)) return [];
  return messages.map((each: unknown) => {
    const message = (typeof each === 'object' && each !== null ? each : {}) as Record<string, unknown>;
    return { role: String(message['role'] ?? ''), content: asJson(message['content'] ?? '') };
  });
}
