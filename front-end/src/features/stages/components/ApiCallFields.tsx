import { Box, Button, FormHelperText, Link as MuiLink, MenuItem, Stack, TextField } from '@mui/material';
import { useState } from 'react';
import { Link } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
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
          label={texts.stages.apiMethod}
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
          label={texts.stages.apiUrl}
          value={value.url}
          onChange={(event) => set('url', event.target.value)}
          helperText={texts.stages.apiUrlHint}
          slotProps={{ htmlInput: { inputMode: 'url', spellCheck: false } }}
        />
      </Box>
      <FormHelperText sx={{ mt: 0 }}>
        {texts.stages.apiSecretsHint}{' '}
        <MuiLink component={Link} to={paths.secrets}>
          {texts.stages.apiSecretsLink}
        </MuiLink>
      </FormHelperText>
      <PairFields
        title={texts.stages.apiHeaders}
        hint={texts.stages.apiHeadersHint}
        nameLabel={texts.stages.apiHeader}
        valueLabel={texts.stages.apiValue}
        add={texts.stages.apiAddHeader}
        value={value.headers ?? {}}
        onChange={(headers) => set('headers', headers)}
      />
      <PairFields
        title={texts.stages.apiQuery}
        hint={texts.stages.apiQueryHint}
        nameLabel={texts.stages.apiParameter}
        valueLabel={texts.stages.apiValue}
        add={texts.stages.apiAddParameter}
        value={value.query ?? {}}
        onChange={(query) => set('query', query)}
      />
      {value.method !== 'GET' && <BodyFields value={value.body ?? {}} onChange={(body) => set('body', body)} />}
      <TextField
        label={texts.stages.apiResult}
        value={value.result ?? ''}
        onChange={(event) => set('result', event.target.value)}
        helperText={texts.stages.apiResultHint}
        slotProps={{ htmlInput: { spellCheck: false } }}
      />
      <PairFields
        title={texts.stages.apiFields}
        hint={texts.stages.apiFieldsHint}
        nameLabel={texts.common.name}
        valueLabel={texts.stages.apiPointer}
        add={texts.stages.apiAddField}
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
          {texts.stages.apiTry}
        </Button>
      </Stack>
      {isTrying && <TryApiCallDialog config={value} onClose={() => setIsTrying(false)} />}
    </>
  );
}
