import { Box, Button, IconButton, MenuItem, Stack, TextField } from '@mui/material';
import { CodeText, asJson } from '@/components/CodeText';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { texts } from '@/config/texts';
import type { DataRetrieval } from '@/lib/types';
import { humanize } from '@/lib/format';
import { ApiCallFields } from './ApiCallFields';

/** The fields by which each kind of record can be searched. The customer needs no search. */
const SEARCH_FIELDS = {
  orders: ['order_number', 'status', 'tracking_number'],
  products: ['product_name', 'sku'],
  customer: [],
} as const satisfies Record<string, readonly string[]>;

interface Query {
  method: 'database_query';
  config: { source: keyof typeof SEARCH_FIELDS; match?: Record<string, string>; ask?: string; not_found?: string };
}

/** Form fields for how a stage looks up data before it replies. */
export function RetrievalFields({
  value,
  onChange,
}: {
  value: DataRetrieval;
  onChange: (value: DataRetrieval) => void;
}) {
  const method: string = value.method;
  const choose = (next: string) => {
    if (next === 'none') onChange({ method: 'none' });
    else if (next === 'prompt_user') onChange({ method: 'prompt_user' });
    else if (next === 'database_query')
      onChange({ method: 'database_query', config: { source: 'orders', match: { order_number: '{order_number}' } } });
    else if (next === 'api_call') onChange({ method: 'api_call', config: { method: 'GET', url: '' } });
  };
  const methods = ['none', 'prompt_user', 'database_query', 'api_call'];
  return (
    <Stack spacing={1.5}>
      <TextField select label={texts.stages.retrieval} value={method} onChange={(event) => choose(event.target.value)}>
        {[...methods, ...(methods.includes(method) ? [] : [method])].map((each) => (
          <MenuItem key={each} value={each}>
            {texts.stages.retrievals[each] ?? each}
          </MenuItem>
        ))}
      </TextField>
      {value.method === 'prompt_user' && (
        <TextField
          multiline
          label={texts.stages.retrievalPrompt}
          value={value.config?.prompt ?? ''}
          onChange={(event) =>
            onChange(
              event.target.value
                ? { method: 'prompt_user', config: { prompt: event.target.value } }
                : { method: 'prompt_user' },
            )
          }
        />
      )}
      {value.method === 'database_query' && (
        <Conditions value={value as Query} onChange={(next) => onChange(next as DataRetrieval)} />
      )}
      {value.method === 'api_call' && (
        <ApiCallFields value={value.config} onChange={(config) => onChange({ method: 'api_call', config })} />
      )}
      {!methods.includes(method) && <CodeText label={texts.stages.retrieval} text={asJson(value)} />}
    </Stack>
  );
}

function Conditions({ value, onChange }: { value: Query; onChange: (value: Query) => void }) {
  const { source, match = {}, ...replies } = value.config;
  const fields: readonly string[] = SEARCH_FIELDS[source];
  const rows = Object.entries(match);
  const free = fields.filter((field) => !(field in match));
  const change = (next: Record<string, string>) =>
    onChange({ ...value, config: { source, ...(Object.keys(next).length ? { match: next } : {}), ...replies } });
  const setReply = (name: 'ask' | 'not_found', text: string) => {
    const { [name]: _, ...rest } = value.config;
    onChange({ ...value, config: text ? { ...rest, [name]: text } : rest });
  };
  return (
    <>
      <TextField
        select
        label={texts.stages.retrievalSource}
        value={source}
        onChange={(event) =>
          onChange({ ...value, config: { source: event.target.value as Query['config']['source'], ...replies } })
        }
      >
        {Object.entries(texts.stages.retrievalSources).map(([each, label]) => (
          <MenuItem key={each} value={each}>
            {humanize(label)}
          </MenuItem>
        ))}
      </TextField>
      {rows.map(([field, equals]) => (
        <Box
          key={field}
          sx={{
            display: 'grid',
            gap: 1,
            gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr) auto',
            alignItems: 'center',
          }}
        >
          <TextField
            select
            label={texts.stages.retrievalField}
            value={field}
            onChange={(event) =>
              change(Object.fromEntries(rows.map((row) => (row[0] === field ? [event.target.value, equals] : row))))
            }
          >
            {fields
              .filter((each) => each === field || free.includes(each))
              .map((each) => (
                <MenuItem key={each} value={each}>
                  {humanize(each)}
                </MenuItem>
              ))}
          </TextField>
          <TextField
            label={texts.stages.retrievalEquals}
            value={equals}
            error={!equals}
            onChange={(event) => change({ ...match, [field]: event.target.value })}
          />
          <IconButton
            aria-label={texts.stages.removeCondition}
            onClick={() => change(Object.fromEntries(rows.filter((row) => row[0] !== field)))}
          >
            <DeleteIcon />
          </IconButton>
        </Box>
      ))}
      {free[0] !== undefined && (
        <Button
          startIcon={<AddIcon />}
          onClick={() => change({ ...match, [free[0] ?? '']: `{${free[0]}}` })}
          sx={{ alignSelf: 'flex-start' }}
        >
          {texts.stages.addCondition}
        </Button>
      )}
      <TextField
        multiline
        label={texts.stages.retrievalAsk}
        value={replies.ask ?? ''}
        onChange={(event) => setReply('ask', event.target.value)}
        helperText={texts.common.optional}
      />
      <TextField
        multiline
        label={texts.stages.retrievalNotFound}
        value={replies.not_found ?? ''}
        onChange={(event) => setReply('not_found', event.target.value)}
        helperText={texts.common.optional}
      />
    </>
  );
}
