import { Box, Button, FormHelperText, Link as MuiLink, MenuItem, Stack, TextField } from '@mui/material';
import { useState } from 'react';
import { Link } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { apiCalls } from '@/config/texts/apiCalls';
import type { ApiCall } from '@/lib/types';
import { BodyFields } from './BodyFields';
import { PairFields } from './PairFields';
import { TryApiCallDialog } from './TryApiCallDialog';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Form fields for a call to another system. */
export function ApiCallFields({ value, onChange }: { value: ApiCall; onChange: (value: ApiCall) => void }) {
  const [isTrying, setIsTrying] = useState(false);
  /** Changes one part of the call; an empty one is left out. */
  const set = <Name extends keyof ApiCall>(name: Name, part: ApiCall[Name]) => {
    const { [name]: _, ...rest } = value;
    const isEmpty = part === undefined || part === '' || (typeof part === 'object' && !Object.keys(part).length);
    onChange((isEmpty && name !== 'url' ? rest : { ...rest, [name]: part }) as ApiCall);
  };
  const setMethod = (method: ApiCall['method']) => {
    const { body, ...rest } = value;
    onChange({ ...rest, ...(body && method !== 'GET' ? { body } : {}), method });
  };
  return (
    <>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '140px minmax(0, 1fr)' } }}>
        <TextField
          select
          label={apiCalls.method}
          value={value.method}
          onChange={(event) => setMethod(event.target.value as ApiCall['method'])}
        >
          {METHODS.map((each) => (
            <MenuItem key={each} value={each}>
              {each}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          label={apiCalls.url}
          value={value.url}
          onChange={(event) => set('url', event.target.value)}
          helperText={apiCalls.urlHint}
          slotProps={{ htmlInput: { inputMode: 'url', spellCheck: false } }}
        />
      </Box>
      <FormHelperText sx={{ mt: 0 }}>
        {apiCalls.secretsHint}{' '}
        <MuiLink component={Link} to={paths.secrets}>
          {apiCalls.secretsLink}
        </MuiLink>
      </FormHelperText>
      <PairFields
        title={apiCalls.headers}
        hint={apiCalls.headersHint}
        nameLabel={apiCalls.header}
        valueLabel={apiCalls.value}
        add={apiCalls.addHeader}
        value={value.headers ?? {}}
        onChange={(headers) => set('headers', headers)}
      />
      <PairFields
        title={apiCalls.query}
        hint={apiCalls.queryHint}
        nameLabel={apiCalls.parameter}
        valueLabel={apiCalls.value}
        add={apiCalls.addParameter}
        value={value.query ?? {}}
        onChange={(query) => set('query', query)}
      />
      {value.method !== 'GET' && <BodyFields value={value.body ?? {}} onChange={(body) => set('body', body)} />}
      <TextField
        label={apiCalls.result}
        value={value.result ?? ''}
        onChange={(event) => set('result', event.target.value)}
        helperText={apiCalls.resultHint}
        slotProps={{ htmlInput: { spellCheck: false } }}
      />
      <PairFields
        title={apiCalls.fields}
        hint={apiCalls.fieldsHint}
        nameLabel={texts.common.name}
        valueLabel={apiCalls.pointer}
        add={apiCalls.addField}
        value={value.fields ?? {}}
        onChange={(fields) => set('fields', fields)}
      />
      <TextField
        multiline
        label={texts.stages.retrievalAsk}
        value={value.ask ?? ''}
        onChange={(event) => set('ask', event.target.value)}
        helperText={texts.common.optional}
      />
      <TextField
        multiline
        label={texts.stages.retrievalNotFound}
        value={value.not_found ?? ''}
        onChange={(event) => set('not_found', event.target.value)}
        helperText={texts.common.optional}
      />
      <Stack direction="row">
        <Button variant="outlined" disabled={!value.url} onClick={() => setIsTrying(true)}>
          {apiCalls.tryIt}
        </Button>
      </Stack>
      {isTrying && <TryApiCallDialog config={value} onClose={() => setIsTrying(false)} />}
    </>
  );
}
