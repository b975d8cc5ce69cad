import { Checkbox, FormControlLabel, FormHelperText } from '@mui/material';
import { type ReactNode, useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { channelTexts } from '@/config/texts/channels';
import { choiceLabel } from '../api/translatedKind';
import { PerLanguageField } from './PerLanguageField';
import { type SettingField, type Settings, linesOf } from './settingsSchema';

interface Props {
  fields: readonly SettingField[];
  settings: Settings;
  /** The names of the fields that have to be filled in; empty until the user has tried to save. */
  missing: readonly string[];
  onChange: (settings: Settings) => void;
}

/** The settings of a channel, with a field for each property of its kind's schema. */
export function SettingsFields({ fields, settings, missing, onChange }: Props) {
  return (
    <>
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={settings[field.name]}
          isMissing={missing.includes(field.name)}
          onChange={(value) => onChange({ ...settings, [field.name]: value })}
        />
      ))}
    </>
  );
}

interface FieldProps {
  field: SettingField;
  value: unknown;
  isMissing: boolean;
  onChange: (value: unknown) => void;
}

function Field({ field, value, isMissing, onChange }: FieldProps) {
  const common = {
    label: field.title,
    required: field.isRequired,
    error: isMissing,
    helperText: isMissing ? channelTexts.required : field.hint && <bdi>{field.hint}</bdi>,
  };
  switch (field.type) {
    case 'choice':
      return <Choice field={field} value={asText(value ?? field.default)} onChange={onChange} />;
    case 'yesNo':
      return (
        <div>
          <FormControlLabel
            label={field.title}
            control={
              <Checkbox checked={Boolean(value ?? field.default)} onChange={(_, checked) => onChange(checked)} />
            }
          />
          <FormHelperText sx={{ mt: 0 }}>
            <bdi>{field.hint}</bdi>
          </FormHelperText>
        </div>
      );
    case 'colour':
      return (
        <TextField
          {...common}
          type="color"
          value={asText(value ?? field.default) || '#000000'}
          onChange={(event) => onChange(event.target.value)}
          sx={{ '& .MuiInputBase-root': { maxWidth: 200 } }}
        />
      );
    case 'number':
      return (
        <TextField
          {...common}
          type="number"
          value={asText(value)}
          placeholder={asText(field.default)}
          onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
          slotProps={field.default === undefined ? {} : { inputLabel: { shrink: true } }}
        />
      );
    case 'lines':
      return <Lines {...common} value={value} onChange={onChange} />;
    case 'texts':
    case 'linesPerLanguage':
      return <PerLanguageField field={field} value={value} onChange={onChange} />;
    case 'json':
      return <Json {...common} value={value} onChange={onChange} />;
    default:
      return (
        <TextField
          {...common}
          value={asText(value)}
          placeholder={asText(field.default)}
          onChange={(event) => onChange(event.target.value)}
          slotProps={{
            htmlInput: { maxLength: field.maxLength, autoComplete: 'off', spellCheck: false, dir: 'auto' },
            ...(field.default ? { inputLabel: { shrink: true } } : {}),
          }}
        />
      );
  }
}

interface TextProps {
  label: string;
  required: boolean;
  error: boolean;
  helperText: ReactNode;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** A list of texts, one per line. */
function Lines({ value, onChange, helperText, ...props }: TextProps) {
  const [text, setText] = useState(() => (Array.isArray(value) ? value.map(String).join('\n') : ''));
  return (
    <TextField
      {...props}
      multiline
      minRows={2}
      helperText={
        <>
          {helperText} {channelTexts.onePerLine}
        </>
      }
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(linesOf(event.target.value));
      }}
    />
  );
}

/** A value that has no field of its own. */
function Json({ value, onChange, helperText, error, ...props }: TextProps) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [isInvalid, setIsInvalid] = useState(false);
  return (
    <TextField
      {...props}
      multiline
      minRows={3}
      error={error || isInvalid}
      helperText={isInvalid ? channelTexts.noJson : helperText}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        try {
          onChange(event.target.value.trim() ? (JSON.parse(event.target.value) as unknown) : undefined);
          setIsInvalid(false);
        } catch {
          setIsInvalid(true);
        }
      }}
    />
  );
}

function Choice({ field, value, onChange }: { field: SettingField; value: string; onChange: (value: string) => void }) {
  return (
    <SelectField
      label={field.title}
      value={value}
      helperText={field.hint && <bdi>{field.hint}</bdi>}
      onChange={(event) => onChange(event.target.value)}
    >
      {field.choices.map((each) => (
        <option key={each} value={each}>
          {choiceLabel(each)}
        </option>
      ))}
    </SelectField>
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
