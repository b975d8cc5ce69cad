import { Autocomplete } from '@mui/material';
import { TextField } from '@/components/TextField';
import { agentTexts } from '@/config/texts/agents';
import { COMMON_LANGUAGES, isLanguageTag, languageLabel, languageTagOf } from '@/lib/languages';

interface Props {
  value: readonly string[];
  disabled?: boolean;
  hint?: string;
  onChange: (tags: string[]) => void;
}

/** Languages as chips. A name or a tag can be typed. */
export function LanguagesField({ value, disabled = false, hint = agentTexts.languagesHint, onChange }: Props) {
  const invalid = value.find((tag) => !isLanguageTag(tag));
  return (
    <Autocomplete
      multiple
      freeSolo
      autoSelect
      disabled={disabled}
      options={COMMON_LANGUAGES as readonly string[]}
      value={[...value]}
      getOptionLabel={languageLabel}
      filterSelectedOptions
      onChange={(_, next) => onChange([...new Set(next.map(languageTagOf))].filter(Boolean))}
      renderInput={(params) => (
        <TextField
          {...params}
          label={agentTexts.languages}
          error={invalid !== undefined}
          helperText={invalid === undefined ? hint : agentTexts.languageInvalid(invalid)}
        />
      )}
    />
  );
}
