import { Alert, Box, Button, FormHelperText, Link as MuiLink, Stack } from '@mui/material';
import { useState } from 'react';
import { Link } from 'react-router';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { PlaceholderEditor } from '@/components/PlaceholderEditor';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { apiCalls } from '@/config/texts/apiCalls';
import type { ApiCall } from '@/lib/types';
import { useActionPlaceholderNames, usePlaceholderNames } from '@/lib/placeholderNames';
import { ObjectFields } from './ObjectFields';
import { PairFields } from './PairFields';
import { HTTP_METHODS } from './retrievalForm';
import { useCallNames } from './useCallNames';
import { useInvalid } from './validity';

const TryApiCallDialog = loadWhenOpened(async () => (await import('./TryApiCallDialog')).TryApiCallDialog);

const URL_START = /^https?:\/\//i;

interface Props {
  value: ApiCall;
  onChange: (value: ApiCall) => void;
  /** Whether the call looks data up, so that it has texts for a missing value and for no result. */
  isLookup: boolean;
}

/** Form fields for a call to another system. */
export function ApiCallFields({ value, onChange, isLookup }: Props) {
  const replyNames = usePlaceholderNames();
  const actionNames = useActionPlaceholderNames();
  const names = useCallNames(isLookup ? replyNames : actionNames);
  const [isTrying, setIsTrying] = useState(false);
  const urlProblem = URL_START.test(value.url) ? undefined : apiCalls.urlInvalid;
  const shows = useInvalid(urlProblem !== undefined || !isPointer(value.result));
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
        <SelectField
          label={apiCalls.method}
          value={value.method}
          onChange={(event) => setMethod(event.target.value as ApiCall['method'])}
        >
          {HTTP_METHODS.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </SelectField>
        <PlaceholderEditor
          compact="line"
          label={apiCalls.url}
          value={value.url}
          onChange={(url) => set('url', url)}
          names={names}
          hint={apiCalls.urlHint}
          error={value.url || shows ? urlProblem : undefined}
        />
      </Box>
      {isLookup && value.method !== 'GET' && (
        <Alert severity="info">{apiCalls.mayChange({ method: value.method })}</Alert>
      )}
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
        names={names}
      />
      <PairFields
        title={apiCalls.query}
        hint={apiCalls.queryHint}
        nameLabel={apiCalls.parameter}
        valueLabel={apiCalls.value}
        add={apiCalls.addParameter}
        value={value.query ?? {}}
        onChange={(query) => set('query', query)}
        names={names}
      />
      {value.method !== 'GET' && (
        <ObjectFields
          title={apiCalls.body}
          hint={apiCalls.bodyHint}
          editAsJson={apiCalls.bodyAsJson}
          value={value.body ?? {}}
          onChange={(body) => set('body', body)}
          names={names}
        />
      )}
      <TextField
        label={apiCalls.result}
        value={value.result ?? ''}
        onChange={(event) => set('result', event.target.value)}
        error={!isPointer(value.result)}
        helperText={isPointer(value.result) ? apiCalls.resultHint : apiCalls.pointerInvalid}
        slotProps={{ htmlInput: { spellCheck: false } }}
      />
      <PairFields
        title={apiCalls.fields}
        hint={apiCalls.fieldsHint}
        nameLabel={texts.common.name}
        valueLabel={apiCalls.pointer}
        add={apiCalls.addValue}
        value={value.fields ?? {}}
        onChange={(fields) => set('fields', fields)}
      />
      {isLookup && (
        <>
          <PlaceholderEditor
            compact="text"
            minRows={2}
            label={texts.stages.retrievalAsk}
            value={value.ask ?? ''}
            onChange={(text) => set('ask', text)}
            names={replyNames}
            hint={texts.common.optional}
          />
          <PlaceholderEditor
            compact="text"
            minRows={2}
            label={texts.stages.retrievalNotFound}
            value={value.not_found ?? ''}
            onChange={(text) => set('not_found', text)}
            names={replyNames}
            hint={texts.common.optional}
          />
        </>
      )}
      <Stack direction="row">
        <Button variant="outlined" disabled={!value.url.trim()} onClick={() => setIsTrying(true)}>
          {apiCalls.tryIt}
        </Button>
      </Stack>
      {isTrying && <TryApiCallDialog config={value} onClose={() => setIsTrying(false)} />}
    </>
  );
}

/** Whether the text is empty or can be a JSON Pointer. */
function isPointer(text: string | undefined): boolean {
  return !text || text.startsWith('/');
}
