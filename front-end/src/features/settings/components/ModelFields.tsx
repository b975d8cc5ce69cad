import { Button, Stack } from '@mui/material';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import type { Model } from '@/lib/types';
import { MIN_KEY_LENGTH, type ModelValues } from './modelForm';

interface PlatformProps {
  value: string;
  platform: Model;
  disabled: boolean;
  onChange: (next: Partial<ModelValues>) => void;
}

/** One of the platform's models, or its default. */
export function PlatformModelField({ value, platform, disabled, onChange }: PlatformProps) {
  const byDefault = platform.default_model ?? '';
  const allowed = platform.allowed_models;
  if (!allowed) {
    return (
      <TextField
        label={texts.settings.modelName}
        helperText={byDefault ? texts.settings.modelNameHint({ byDefault }) : texts.settings.noDefaultModel}
        value={value}
        disabled={disabled || !platform.is_connected}
        slotProps={{ htmlInput: { maxLength: 200, spellCheck: false, autoComplete: 'off' } }}
        onChange={(event) => onChange({ model: event.target.value })}
      />
    );
  }
  const isRefused = value !== '' && !allowed.includes(value);
  return (
    <SelectField
      label={texts.settings.modelName}
      helperText={isRefused ? texts.settings.modelRefused({ name: value, byDefault }) : texts.settings.allowedModelHint}
      error={isRefused}
      value={value}
      disabled={disabled}
      onChange={(event) => onChange({ model: event.target.value })}
    >
      <option value="">{texts.settings.defaultModel({ name: byDefault })}</option>
      {[...allowed, ...(isRefused ? [value] : [])].map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

interface OwnProps {
  values: ModelValues;
  disabled: boolean;
  onChange: (next: Partial<ModelValues>) => void;
}

/** The address, key and model of the business's own server. */
export function OwnServerFields({ values, disabled, onChange }: OwnProps) {
  const isTooShort = values.key !== '' && values.key.length < MIN_KEY_LENGTH;
  const keyHint = values.secret ? texts.settings.keyStored({ name: values.secret }) : texts.settings.keyHint;
  return (
    <>
      <TextField
        required
        type="url"
        label={texts.settings.serverUrl}
        helperText={texts.settings.serverUrlHint}
        value={values.url}
        disabled={disabled}
        slotProps={{ htmlInput: { maxLength: 2000, spellCheck: false, autoComplete: 'off' } }}
        onChange={(event) => onChange({ url: event.target.value })}
      />
      <Stack direction={{ xs: 'column', sm: 'row' }} spacing={1} sx={{ alignItems: { sm: 'flex-start' } }}>
        <TextField
          type="password"
          fullWidth
          label={texts.settings.serverKey}
          error={isTooShort}
          helperText={isTooShort ? texts.settings.keyTooShort({ length: MIN_KEY_LENGTH }) : keyHint}
          value={values.key}
          disabled={disabled}
          slotProps={{ htmlInput: { maxLength: 4096, autoComplete: 'new-password' } }}
          onChange={(event) => onChange({ key: event.target.value.trim() })}
        />
        {values.secret && !disabled && (
          <Button sx={{ flexShrink: 0, mt: { sm: 0.75 } }} onClick={() => onChange({ secret: '', key: '' })}>
            {texts.settings.withoutKey}
          </Button>
        )}
      </Stack>
      <TextField
        required
        label={texts.settings.modelName}
        helperText={texts.settings.ownModelHint}
        value={values.ownModel}
        disabled={disabled}
        slotProps={{ htmlInput: { maxLength: 200, spellCheck: false, autoComplete: 'off' } }}
        onChange={(event) => onChange({ ownModel: event.target.value })}
      />
    </>
  );
}
