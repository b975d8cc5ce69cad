import { Box, Button, FormHelperText, IconButton, Stack } from '@mui/material';
import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { SelectField } from '@/components/SelectField';
import { PlaceholderEditor } from '@/components/PlaceholderEditor';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { texts } from '@/config/texts';
import { fieldName, fieldNameInText } from '@/lib/fieldNames';
import type { DataRetrieval } from '@/lib/types';
import { usePlaceholderNames } from '@/lib/placeholderNames';
import { isObject } from '@/lib/format';
import { ApiCallFields } from './ApiCallFields';
import { FormOrJson } from './FormOrJson';
import { METHODS, SEARCH_FIELDS, isRetrievalForm } from './retrievalForm';
import { useInvalid } from './validity';

interface Query {
  method: 'database_query';
  config: { source: keyof typeof SEARCH_FIELDS; match?: Record<string, string>; ask?: string; not_found?: string };
}

interface Props {
  value: DataRetrieval;
  onChange: (value: DataRetrieval) => void;
}

const FIRST_VALUES: Record<string, DataRetrieval> = {
  none: { method: 'none' },
  prompt_user: { method: 'prompt_user' },
  database_query: { method: 'database_query', config: { source: 'orders', match: { order_number: '{order_number}' } } },
  api_call: { method: 'api_call', config: { method: 'GET', url: '' } },
};

/** Form fields for how a stage looks up data before it replies. */
export function RetrievalFields({ value, onChange }: Props) {
  return (
    <FormOrJson
      label={texts.stages.retrievalJson}
      value={value}
      onChange={onChange}
      accepts={(next): next is DataRetrieval => isObject(next)}
      invalid={texts.stages.objectInvalid}
      isForm={isRetrievalForm(value)}
    >
      <Stack spacing={2}>
        <SelectField
          label={texts.stages.retrieval}
          value={value.method}
          onChange={(event) => onChange(FIRST_VALUES[event.target.value] ?? value)}
          helperText={texts.stages.retrievalHints[value.method]}
        >
          {METHODS.map((each) => (
            <option key={each} value={each}>
              {texts.stages.retrievals[each]}
            </option>
          ))}
        </SelectField>
        {value.method === 'prompt_user' && (
          <Reply
            label={texts.stages.retrievalPrompt}
            hint={texts.stages.retrievalPromptHint}
            value={value.config?.prompt}
            onChange={(prompt) =>
              onChange(prompt ? { method: 'prompt_user', config: { prompt } } : { method: 'prompt_user' })
            }
          />
        )}
        {value.method === 'database_query' && (
          <Conditions value={value as Query} onChange={(next) => onChange(next as DataRetrieval)} />
        )}
        {value.method === 'api_call' && (
          <ApiCallFields
            value={value.config}
            onChange={(config) => onChange({ method: 'api_call', config })}
            isLookup
          />
        )}
      </Stack>
    </FormOrJson>
  );
}

interface ReplyProps {
  label: string;
  hint?: string;
  value: string | undefined;
  onChange: (value: string) => void;
}

function Reply({ label, hint = texts.common.optional, value = '', onChange }: ReplyProps) {
  const names = usePlaceholderNames();
  return (
    <PlaceholderEditor
      compact="text"
      minRows={2}
      label={label}
      hint={hint}
      value={value}
      onChange={onChange}
      names={names}
    />
  );
}

function Conditions({ value, onChange }: { value: Query; onChange: (value: Query) => void }) {
  const names = usePlaceholderNames();
  const addButton = useRef<HTMLButtonElement>(null);
  const { source, match = {}, ...replies } = value.config;
  const fields: readonly string[] = SEARCH_FIELDS[source];
  const rows = Object.entries(match);
  const free = fields.filter((field) => !(field in match));
  useInvalid(rows.some(([, equals]) => !equals.trim()));
  const change = (next: Record<string, string>) =>
    onChange({ ...value, config: { source, ...(Object.keys(next).length ? { match: next } : {}), ...replies } });
  const setReply = (name: 'ask' | 'not_found', text: string) => {
    const { [name]: _, ...rest } = value.config;
    onChange({ ...value, config: text ? { ...rest, [name]: text } : rest });
  };
  return (
    <>
      <SelectField
        label={texts.stages.retrievalSource}
        value={source}
        onChange={(event) =>
          onChange({ ...value, config: { source: event.target.value as Query['config']['source'], ...replies } })
        }
      >
        {Object.entries(texts.stages.retrievalSources).map(([each, label]) => (
          <option key={each} value={each}>
            {fieldName(label)}
          </option>
        ))}
      </SelectField>
      {fields.length > 0 && (
        <FormHelperText sx={{ mt: 0 }}>
          {rows.length ? texts.stages.conditionsHint : texts.stages.noConditionsHint}
        </FormHelperText>
      )}
      {rows.map(([field, equals]) => (
        <Box
          key={field}
          role="group"
          aria-label={texts.stages.retrievalCondition({ field: fieldNameInText(field) })}
          sx={{
            display: 'grid',
            columnGap: 1,
            rowGap: 1.75,
            gridTemplateAreas: { xs: '"field remove" "value value"', sm: '"field value remove"' },
            gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', sm: 'minmax(0, 1fr) minmax(0, 1.7fr) auto' },
            alignItems: 'start',
          }}
        >
          <SelectField
            label={texts.stages.retrievalField}
            value={field}
            onChange={(event) =>
              change(Object.fromEntries(rows.map((row) => (row[0] === field ? [event.target.value, equals] : row))))
            }
            sx={{ gridArea: 'field' }}
          >
            {fields
              .filter((each) => each === field || free.includes(each))
              .map((each) => (
                <option key={each} value={each}>
                  {fieldName(each)}
                </option>
              ))}
          </SelectField>
          <Box sx={{ gridArea: 'value', minWidth: 0 }}>
            <PlaceholderEditor
              compact="line"
              label={texts.stages.retrievalEquals}
              value={equals}
              onChange={(text) => change({ ...match, [field]: text })}
              names={names}
              error={equals.trim() ? undefined : texts.stages.valueNeeded}
            />
          </Box>
          <IconButton
            aria-label={texts.stages.removeCondition({ field: fieldNameInText(field) })}
            onClick={() => {
              // The button may have been disabled before.
              flushSync(() => change(Object.fromEntries(rows.filter((row) => row[0] !== field))));
              addButton.current?.focus();
            }}
            sx={{ gridArea: 'remove' }}
          >
            <DeleteIcon />
          </IconButton>
        </Box>
      ))}
      {fields.length > 0 && (
        <Button
          ref={addButton}
          startIcon={<AddIcon />}
          disabled={free[0] === undefined}
          onClick={() => free[0] !== undefined && change({ ...match, [free[0]]: `{${free[0]}}` })}
          sx={{ alignSelf: 'flex-start' }}
        >
          {texts.stages.addCondition}
        </Button>
      )}
      <Reply
        label={texts.stages.retrievalAsk}
        hint={texts.stages.retrievalAskHint}
        value={replies.ask}
        onChange={(text) => setReply('ask', text)}
      />
      <Reply
        label={texts.stages.retrievalNotFound}
        hint={texts.stages.retrievalNotFoundHint}
        value={replies.not_found}
        onChange={(text) => setReply('not_found', text)}
      />
    </>
  );
}
