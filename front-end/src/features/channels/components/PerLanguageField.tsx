import { Box, FormHelperText, FormLabel, Stack } from '@mui/material';
import { useState } from 'react';
import { PerLanguage } from '@/components/PerLanguage';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { channelTexts } from '@/config/texts/channels';
import { type SettingField, linesOf } from './settingsSchema';

interface Props {
  field: SettingField;
  /** Texts, or lists of texts, by language. */
  value: unknown;
  onChange: (value: Record<string, unknown>) => void;
}

/** A setting with a text per language, or several texts, one per line. */
export function PerLanguageField({ field, value, onChange }: Props) {
  const entries = (value ?? {}) as Record<string, unknown>;
  const isList = field.type === 'linesPerLanguage';
  return (
    <Stack component="fieldset" spacing={1.5} sx={{ border: 0, m: 0, p: 0, minWidth: 0 }}>
      <Box>
        <FormLabel component="legend" sx={{ p: 0, fontWeight: 600, color: 'text.primary' }}>
          {field.title}
        </FormLabel>
        <FormHelperText sx={{ mt: 0 }}>
          <bdi>{field.hint}</bdi> {isList && channelTexts.onePerLine}
        </FormHelperText>
      </Box>
      <PerLanguage<unknown>
        entries={entries}
        blank={isList ? [] : ''}
        addLabel={channelTexts.addLanguage({ field: field.title })}
        removeLabel={(language) => channelTexts.removeLanguage({ field: field.title, language })}
        onChange={onChange}
      >
        {(tag, language) => (
          <LanguageText
            label={texts.translations.label({ field: field.title, language })}
            isList={isList}
            maxLength={field.maxLength}
            value={entries[tag]}
            onChange={(next) => onChange({ ...entries, [tag]: next })}
          />
        )}
      </PerLanguage>
    </Stack>
  );
}

interface TextProps {
  label: string;
  isList: boolean;
  maxLength: number | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}

function LanguageText({ label, isList, maxLength, value, onChange }: TextProps) {
  const [text, setText] = useState(() => (Array.isArray(value) ? value.map(String).join('\n') : String(value ?? '')));
  return (
    <TextField
      label={label}
      multiline
      minRows={isList ? 2 : 1}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(isList ? linesOf(event.target.value) : event.target.value);
      }}
      slotProps={{ htmlInput: { dir: 'auto', ...(isList || !maxLength ? {} : { maxLength }) } }}
    />
  );
}
