import { Box, FormHelperText } from '@mui/material';
import { useState } from 'react';
import { TextField } from '@/components/TextField';
import { PlaceholderEditor } from '@/components/PlaceholderEditor';
import { texts } from '@/config/texts';
import { actions as words } from '@/config/texts/actions';
import { apiCalls } from '@/config/texts/apiCalls';
import { useActionPlaceholderNames } from '@/lib/placeholderNames';
import type { ApiCall } from '@/lib/types';
import type { Kind } from './actionForm';
import { ApiCallFields } from './ApiCallFields';
import { ChangedFields } from './ChangedFields';
import { ObjectFields } from './ObjectFields';
import { PairFields } from './PairFields';
import type { PermittedFields } from './usePermittedFields';
import { useInvalid } from './validity';

type Values = Record<string, unknown>;

interface Props {
  kind: Kind;
  values: Values;
  onChange: (values: Values) => void;
  permitted: PermittedFields;
}

/** The values of an action. Which ones depends on what it does. */
export function ActionValues({ kind, values, onChange, permitted }: Props) {
  const names = useActionPlaceholderNames();
  switch (kind) {
    case 'update_order':
    case 'update_customer':
      return (
        <ChangedFields
          kind={kind}
          values={values as Record<string, string>}
          onChange={onChange}
          permitted={permitted[kind]}
          isLoaded={permitted.isLoaded}
        />
      );
    case 'api_call':
      return (
        <>
          <FormHelperText sx={{ mt: 0 }}>{words.callHint}</FormHelperText>
          <ApiCallFields
            value={values as unknown as ApiCall}
            onChange={(call) => onChange(call as unknown as Values)}
            isLookup={false}
          />
        </>
      );
    case 'create_event':
      return <EventValues values={values} onChange={onChange} />;
    case 'set_field':
      return <SetFields values={values as Record<string, string>} onChange={onChange} />;
    case 'tag':
      return <Tags values={values as { add?: string[]; remove?: string[] }} onChange={onChange} names={names} />;
    case 'hand_over':
    case 'complete':
      return null;
  }
}

function EventValues({ values, onChange }: Pick<Props, 'values' | 'onChange'>) {
  const names = useActionPlaceholderNames();
  const { event_type: type = '', properties = {} } = values as { event_type?: string; properties?: Values };
  const shows = useInvalid(!type.trim());
  const isMissing = shows && !type.trim();
  return (
    <>
      <TextField
        label={words.eventType}
        value={type}
        onChange={(event) => onChange({ ...values, event_type: event.target.value })}
        error={isMissing}
        helperText={isMissing ? words.valueNeeded : words.eventTypeHint}
        slotProps={{ htmlInput: { maxLength: 100, spellCheck: false } }}
      />
      <ObjectFields
        title={words.properties}
        hint={words.propertiesHint}
        editAsJson={words.propertiesAsJson}
        value={properties}
        onChange={(next) => onChange({ event_type: type, ...(Object.keys(next).length ? { properties: next } : {}) })}
        names={names}
      />
    </>
  );
}

function SetFields({ values, onChange }: { values: Record<string, string>; onChange: (values: Values) => void }) {
  const names = useActionPlaceholderNames();
  const isMissing = !Object.keys(values).length;
  const shows = useInvalid(isMissing);
  return (
    <>
      <PairFields
        title={words.setFields}
        hint={words.setFieldsHint}
        nameLabel={texts.common.name}
        valueLabel={apiCalls.value}
        add={apiCalls.addField}
        value={values}
        onChange={onChange}
        names={names}
      />
      {isMissing && shows && <FormHelperText error>{words.valueNeeded}</FormHelperText>}
    </>
  );
}

interface TagsProps {
  values: { add?: string[]; remove?: string[] };
  onChange: (values: Values) => void;
  names: ReturnType<typeof useActionPlaceholderNames>;
}

function Tags({ values, onChange, names }: TagsProps) {
  const isMissing = !values.add?.length && !values.remove?.length;
  const shows = useInvalid(isMissing);
  const change = (part: 'add' | 'remove', tags: string[]) => {
    const { [part]: _, ...rest } = values;
    onChange(tags.length ? { ...rest, [part]: tags } : rest);
  };
  return (
    <Box
      sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}
    >
      {(['add', 'remove'] as const).map((part) => (
        <TagLines
          key={part}
          label={part === 'add' ? words.tagsToAdd : words.tagsToRemove}
          tags={values[part] ?? []}
          onChange={(tags) => change(part, tags)}
          names={names}
          error={isMissing && shows && part === 'add' ? words.needsTag : undefined}
        />
      ))}
    </Box>
  );
}

interface TagLinesProps {
  label: string;
  tags: readonly string[];
  onChange: (tags: string[]) => void;
  names: TagsProps['names'];
  error: string | undefined;
}

/** Tags, one per line. The text keeps empty lines while it is edited. */
function TagLines({ label, tags, onChange, names, error }: TagLinesProps) {
  const [text, setText] = useState(tags.join('\n'));
  return (
    <PlaceholderEditor
      compact="text"
      minRows={2}
      label={label}
      hint={words.tagsHint}
      value={text}
      onChange={(next) => {
        setText(next);
        onChange([...new Set(next.split('\n').map((line) => line.trim()))].filter(Boolean));
      }}
      names={names}
      error={error}
    />
  );
}
