import { Alert, MenuItem, Stack, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { CodeText } from '@/components/CodeText';
import { ErrorNotice, Loading } from '@/components/states';
import { texts } from '@/config/texts';
import { findPlaceholders, placeholderKind } from '@/lib/placeholders';
import type { PlaceholderNames } from '@/lib/placeholderNames';
import { useDebounced } from '@/lib/useDebounced';
import { ConversationLabel } from '@/components/ConversationLabel';
import { previewConversationsQuery, previewQuery } from '../api/templates';

const CUSTOM_VALUES = 'custom';

/** The rendered prompt while the template is being edited, with the values of a conversation or with custom values. */
export function Preview({
  content,
  systemPrompt,
  historyTokens,
  names,
}: {
  content: string;
  systemPrompt: string;
  historyTokens: number | null;
  names: PlaceholderNames;
}) {
  const conversations = useQuery(previewConversationsQuery());
  const [chosen, setChosen] = useState<string | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  const latest = conversations.data?.toSorted((a, b) => b.last_updated.localeCompare(a.last_updated)) ?? [];
  const source = chosen ?? latest[0]?.conversation_id ?? CUSTOM_VALUES;
  const settled = useDebounced(`${systemPrompt}\u0000${content}`).split('\u0000');
  const given = useDebounced(JSON.stringify(values));
  const preview = useQuery({
    ...previewQuery({
      systemPrompt: settled[0] ?? '',
      content: settled[1] ?? '',
      historyTokens,
      conversationId: source === CUSTOM_VALUES ? null : source,
      values: source === CUSTOM_VALUES ? nonEmpty(JSON.parse(given) as Record<string, string>) : {},
    }),
    enabled: !conversations.isPending,
  });
  const placeholders = useMemo(() => {
    const found = findPlaceholders(`${systemPrompt}\n${content}`).filter(
      (each) => placeholderKind(each, names.known) !== 'text',
    );
    return [...new Set(found.map((each) => each.name))];
  }, [systemPrompt, content, names]);

  return (
    <Stack spacing={2}>
      <TextField
        select
        label={texts.templates.previewWith}
        value={source}
        onChange={(event) => setChosen(event.target.value)}
        helperText={latest.length ? null : texts.templates.previewNone}
      >
        <MenuItem value={CUSTOM_VALUES}>{texts.templates.previewValues}</MenuItem>
        {latest.map((each) => (
          <MenuItem key={each.conversation_id} value={each.conversation_id}>
            <ConversationLabel conversation={each} withCustomer />
          </MenuItem>
        ))}
      </TextField>
      {source === CUSTOM_VALUES && placeholders.length === 0 && (
        <Typography variant="body2" color="textSecondary">
          {texts.templates.previewNoVariables}
        </Typography>
      )}
      {source === CUSTOM_VALUES &&
        placeholders.map((name) => (
          <TextField
            key={name}
            label={`{${name}}`}
            multiline
            maxRows={4}
            value={values[name] ?? ''}
            onChange={(event) => setValues((last) => ({ ...last, [name]: event.target.value }))}
            slotProps={{ htmlInput: { 'aria-label': texts.templates.previewValue(name) } }}
          />
        ))}
      {preview.error && (
        <ErrorNotice title={texts.errors.title} error={preview.error} onRetry={() => void preview.refetch()} />
      )}
      {preview.isPending && !preview.error && <Loading />}
      {preview.data && (
        <>
          {preview.data.missing.length > 0 && (
            <Alert severity="warning">
              {texts.templates.previewMissing(preview.data.missing.map((each) => `{${each}}`).join(', '))}
            </Alert>
          )}
          <Typography variant="h3" component="p">
            {texts.templates.rendered}
          </Typography>
          {preview.data.rendered_system_prompt && (
            <Stack spacing={0.5}>
              <Typography variant="overline" component="p">
                {texts.templates.systemPrompt}
              </Typography>
              <CodeText
                label={texts.turn.roles['system'] ?? ''}
                text={preview.data.rendered_system_prompt}
                maxHeight={260}
              />
            </Stack>
          )}
          <Stack spacing={0.5}>
            <Typography variant="overline" component="p">
              {texts.templates.content}
            </Typography>
            <CodeText label={texts.templates.rendered} text={preview.data.rendered} maxHeight={420} />
          </Stack>
          {preview.data.variables.map(
            ({ name, history }) =>
              history && (
                <Typography key={name} variant="caption" component="p" color="textSecondary">
                  {`{${name}}: ${texts.turn.historyBudget(history.tokens, history.max_tokens, history.left_out)}`}
                </Typography>
              ),
          )}
        </>
      )}
    </Stack>
  );
}

function nonEmpty(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
