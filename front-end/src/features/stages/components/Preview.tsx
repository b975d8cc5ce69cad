import { Alert, Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { CodeText } from '@/components/CodeText';
import { conversationLabel } from '@/components/conversationLabel';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { ErrorNotice, Loading } from '@/components/states';
import { texts } from '@/config/texts';
import { firstWords, isolated, uuidOrNull } from '@/lib/format';
import { formatList } from '@/lib/intl';
import { creatableNames, usePlaceholderNames } from '@/lib/placeholderNames';
import { findPlaceholders, placeholderKind } from '@/lib/placeholders';
import { turnQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { shortTime } from '@/lib/time';
import type { Preview as Rendered } from '@/lib/types';
import { useDebounced } from '@/lib/useDebounced';
import { previewConversationsQuery, previewMessagesQuery, previewQuery } from '../api/templates';

const VariableDialog = loadWhenOpened(async () => (await import('@/components/VariableDialog')).VariableDialog);

const CUSTOM_VALUES = 'custom';

interface Props {
  content: string;
  systemPrompt: string;
  templateType: string;
  historyTokens: number | null;
  /** The turn whose data is used until another one is chosen. By default the one named by the page's address. */
  turnId?: string | null;
}

/** What a model would receive while the template is being edited, with the data of a turn or with custom values. */
export function Preview({ content, systemPrompt, templateType, historyTokens, turnId = null }: Props) {
  const [search] = useSearchParams();
  const firstTurnId = turnId ?? uuidOrNull(search.get('turn'));
  const firstTurn = useQuery({ ...turnQuery(firstTurnId ?? ''), enabled: firstTurnId !== null });
  const conversations = useQuery(previewConversationsQuery());
  const names = usePlaceholderNames();
  const [chosen, setChosen] = useState<{ source: string; turnId: string | null } | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  const latest = conversations.data?.toSorted((a, b) => b.last_updated.localeCompare(a.last_updated)) ?? [];
  const first = firstTurn.data ?? null;
  const source = chosen?.source ?? first?.conversation_id ?? latest[0]?.conversation_id ?? CUSTOM_VALUES;
  const isCustom = source === CUSTOM_VALUES;
  const messages = useQuery({ ...previewMessagesQuery(source), enabled: !isCustom });
  const options = messages.data ?? [];
  const turn = isCustom
    ? null
    : (chosen?.turnId ?? (first?.conversation_id === source ? first.turn_id : (options[0]?.turn_id ?? null)));
  const settled = useDebounced(`${systemPrompt}\u0000${content}`).split('\u0000');
  const given = useDebounced(JSON.stringify(values));
  const isReady = isCustom
    ? !conversations.isPending
    : turn !== null || (messages.data !== undefined && !(firstTurnId && firstTurn.isPending));
  const preview = useQuery({
    ...previewQuery({
      systemPrompt: settled[0] ?? '',
      content: settled[1] ?? '',
      templateType,
      historyTokens,
      turnId: turn,
      conversationId: isCustom || turn ? null : source,
      values: isCustom ? nonEmpty(JSON.parse(given) as Record<string, string>) : {},
    }),
    enabled: isReady,
  });
  const placeholders = useMemo(() => {
    const found = findPlaceholders(`${systemPrompt}\n${content}`).filter(
      (each) => placeholderKind(each, names.known) !== 'text',
    );
    return [...new Set(found.map((each) => each.name))];
  }, [systemPrompt, content, names]);
  const isListed = latest.some((each) => each.conversation_id === source);

  return (
    <Stack spacing={2}>
      <SelectField
        label={texts.templates.previewWith}
        value={source}
        onChange={(event) => setChosen({ source: event.target.value, turnId: null })}
        helperText={latest.length ? null : texts.templates.previewNone}
      >
        <option value={CUSTOM_VALUES}>{texts.templates.previewValues}</option>
        {!isCustom && !isListed && <option value={source}>{texts.templates.previewThis}</option>}
        {latest.map((each) => (
          <option key={each.conversation_id} value={each.conversation_id}>
            {conversationLabel(each, { withCustomer: true })}
          </option>
        ))}
      </SelectField>
      {!isCustom && turn && (
        <SelectField
          label={texts.templates.previewMessage}
          value={turn}
          onChange={(event) => setChosen({ source, turnId: event.target.value })}
          helperText={texts.templates.previewMessageHint}
        >
          {!options.some((each) => each.turn_id === turn) && (
            <option value={turn}>{firstWords((first?.turn_id === turn && first.message) || '')}</option>
          )}
          {options.map((each) => (
            <option key={each.message_id} value={each.turn_id ?? ''}>
              {`${shortTime(each.created_at)} · ${isolated(firstWords(each.message_content))}`}
            </option>
          ))}
        </SelectField>
      )}
      {isCustom && placeholders.length === 0 && (
        <Typography variant="body2" color="textSecondary">
          {texts.templates.previewNoVariables}
        </Typography>
      )}
      {isCustom &&
        placeholders.map((name) => (
          <TextField
            key={name}
            label={`{${name}}`}
            multiline
            maxRows={4}
            value={values[name] ?? ''}
            onChange={(event) => setValues((last) => ({ ...last, [name]: event.target.value }))}
            slotProps={{ htmlInput: { 'aria-label': texts.templates.previewValue({ name }) } }}
          />
        ))}
      {firstTurn.error && <ErrorNotice title={texts.turn.loadFailed} error={firstTurn.error} />}
      {preview.error && (
        <ErrorNotice title={texts.errors.title} error={preview.error} onRetry={() => void preview.refetch()} />
      )}
      {preview.isPending && !preview.error && <Loading />}
      {preview.data && (
        <RenderedPrompt rendered={preview.data} creatable={creatableNames(preview.data.missing, names)} />
      )}
    </Stack>
  );
}

/** The messages that a model would receive, and what is missing in them. */
function RenderedPrompt({ rendered, creatable }: { rendered: Rendered; creatable: readonly string[] }) {
  const { canEdit } = useSession();
  const [creating, setCreating] = useState<string | null>(null);
  const list = (each: readonly string[]) => formatList(each.map((name) => `{${name}}`));
  return (
    <>
      {rendered.unavailable.length > 0 && (
        <Alert severity="info" role="note">
          {texts.templates.previewUnavailable({ names: list(rendered.unavailable) })}
        </Alert>
      )}
      {rendered.missing.length > 0 && (
        <Alert severity="warning">
          {texts.templates.previewMissing({ names: list(rendered.missing) })}
          {canEdit &&
            creatable.map((name) => (
              <Button
                key={name}
                size="small"
                color="inherit"
                startIcon={<AddIcon />}
                onClick={() => setCreating(name)}
                sx={{ display: 'flex' }}
              >
                {texts.variables.createNamed({ name: `{${name}}` })}
              </Button>
            ))}
        </Alert>
      )}
      {creating && <VariableDialog variable={null} name={creating} onClose={() => setCreating(null)} />}
      <Typography variant="h3" component="p">
        {texts.templates.received}
      </Typography>
      {rendered.messages.map((message, index) => {
        const label = labelOf(message, rendered, index);
        return (
          <Stack key={label} spacing={0.5}>
            <Typography variant="overline" component="p">
              {label}
            </Typography>
            <CodeText label={label} text={message.content} maxHeight={420} />
          </Stack>
        );
      })}
      {rendered.variables.map(
        ({ name, history }) =>
          history && (
            <Typography key={name} variant="caption" component="p" color="textSecondary">
              {`{${name}}: ${texts.turn.historyBudget({ tokens: history.tokens, max: history.max_tokens, leftOut: history.left_out })}`}
            </Typography>
          ),
      )}
    </>
  );
}

/** The system message, the rendered content, or the customer's message, which follows if the template does not name it. */
function labelOf({ role }: { role: string }, { rendered, messages }: Rendered, index: number): string {
  if (role === 'system') return texts.templates.systemPrompt;
  const isFirst = index === messages.findIndex((each) => each.role === 'user');
  return isFirst && rendered.trim() ? texts.templates.rendered : texts.templates.customerMessage;
}

function nonEmpty(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
