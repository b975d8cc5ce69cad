import { Alert, Stack, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { TextField } from '@/components/TextField';
import { CodeText, asJson } from '@/components/CodeText';
import { FormDialog } from '@/components/FormDialog';
import { ValueView } from '@/components/ValueView';
import { texts } from '@/config/texts';
import { apiCalls } from '@/config/texts/apiCalls';
import { formatBytes, formatDuration, formatList } from '@/lib/intl';
import { findPlaceholders } from '@/lib/placeholders';
import type { ApiCall, ApiCallTried } from '@/lib/types';
import { tryApiCall } from '@/lib/stages';

/** Sends the request of a call with example values, and shows the request and the response. */
export function TryApiCallDialog({ config, onClose }: { config: ApiCall; onClose: () => void }) {
  const [values, setValues] = useState<Record<string, string>>({});
  const names = variablesOf(config);
  const attempt = useMutation({
    mutationFn: () => tryApiCall(config, Object.fromEntries(Object.entries(values).filter(([, value]) => value))),
  });
  return (
    <FormDialog
      title={apiCalls.tryIt}
      submitLabel={attempt.data?.call ? apiCalls.sendAgain : apiCalls.send}
      closeLabel={attempt.data ? texts.common.close : texts.common.cancel}
      maxWidth="sm"
      busy={attempt.isPending}
      error={attempt.error}
      onSubmit={async (event) => {
        event.preventDefault();
        event.stopPropagation(); // the dialog is inside the form of the stage
        attempt.mutate();
      }}
      onClose={onClose}
    >
      <Typography variant="body2">{names.length ? apiCalls.tryItHint : apiCalls.tryItHintNoValues}</Typography>
      {config.method !== 'GET' && <Alert severity="warning">{apiCalls.tryItChanges({ method: config.method })}</Alert>}
      {names.map((name, index) => (
        <TextField
          key={name}
          label={name}
          autoFocus={index === 0}
          value={values[name] ?? ''}
          slotProps={{ htmlInput: { spellCheck: false, autoComplete: 'off' } }}
          onChange={(event) => setValues({ ...values, [name]: event.target.value })}
        />
      ))}
      {attempt.data && <Result tried={attempt.data} />}
    </FormDialog>
  );
}

function Result({ tried }: { tried: ApiCallTried }) {
  const { outcome, request, call: made, missing } = tried;
  const isGood = outcome === 'found' || outcome === 'not_found';
  const details = [
    made?.status && apiCalls.status({ status: made.status }),
    made && formatDuration(made.duration_ms),
    typeof made?.size === 'number' && formatBytes(made.size),
  ].filter(Boolean);
  return (
    <Stack spacing={1.5}>
      <Alert severity={isGood ? 'success' : 'warning'}>
        {outcome === 'missing'
          ? apiCalls.missing({ names: formatList(missing) })
          : [texts.turn.retrievalStatuses[outcome] ?? outcome, made?.message ?? made?.cause].filter(Boolean).join(': ')}
        {details.length > 0 && <div>{details.join(' · ')}</div>}
      </Alert>
      <Section title={apiCalls.request}>
        <CodeText
          label={apiCalls.request}
          maxHeight={220}
          text={[
            `${request.method} ${request.url}`,
            ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
            ...(request.body === undefined ? [] : ['', asJson(request.body)]),
          ].join('\n')}
        />
      </Section>
      {outcome === 'found' && (
        <Section title={apiCalls.data}>
          <ValueView label={apiCalls.data} value={tried.data} />
        </Section>
      )}
      {tried.body !== null && (
        <Section title={apiCalls.response}>
          <CodeText
            label={apiCalls.response}
            maxHeight={300}
            text={typeof tried.body === 'string' ? tried.body : asJson(tried.body)}
          />
        </Section>
      )}
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Typography variant="overline" component="h3">
        {title}
      </Typography>
      {children}
    </div>
  );
}

/** The variables that a call names, as written, except secrets. */
function variablesOf(config: ApiCall): string[] {
  const found = findPlaceholders(
    [config.url, ...textsIn(config.headers), ...textsIn(config.query), ...textsIn(config.body)].join('\n'),
  );
  const names = found.filter((each) => !each.name.startsWith('secret.')).map((each) => each.written);
  return [...new Set(names)];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
