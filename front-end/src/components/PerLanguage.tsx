import { Button, Stack } from '@mui/material';
import type { ReactNode } from 'react';
import { texts } from '@/config/texts';
import { COMMON_LANGUAGES, languageLabel } from '@/lib/languages';
import { SelectField } from './SelectField';

interface Props<Value> {
  /** The values by language tag. */
  entries: Readonly<Record<string, Value>>;
  /** The value of a language that is added. */
  blank: Value;
  addLabel: string;
  removeLabel: (language: string) => string;
  onChange: (entries: Record<string, Value>) => void;
  /** The field of one language. */
  children: (tag: string, language: string) => ReactNode;
}

/** A field for each language that has a value. Languages can be added and removed. */
export function PerLanguage<Value>({ entries, blank, addLabel, removeLabel, onChange, children }: Props<Value>) {
  const tags = Object.keys(entries);
  const remove = (tag: string) =>
    onChange(Object.fromEntries(Object.entries(entries).filter(([each]) => each !== tag)));
  return (
    <Stack spacing={1.5}>
      {tags.map((tag) => (
        <Stack key={tag} direction="row" spacing={1} sx={{ alignItems: 'flex-start' }}>
          <div style={{ flexGrow: 1, minWidth: 0 }}>{children(tag, languageLabel(tag))}</div>
          <Button color="inherit" aria-label={removeLabel(languageLabel(tag))} onClick={() => remove(tag)}>
            {texts.translations.removeShort}
          </Button>
        </Stack>
      ))}
      <SelectField
        value=""
        fullWidth={false}
        ariaLabel={addLabel}
        onChange={(event) => onChange({ ...entries, [event.target.value]: blank })}
        sx={{ alignSelf: 'flex-start', maxWidth: '100%' }}
      >
        <option value="">{addLabel}</option>
        {COMMON_LANGUAGES.filter((tag) => !tags.includes(tag)).map((tag) => (
          <option key={tag} value={tag}>
            {languageLabel(tag)}
          </option>
        ))}
      </SelectField>
    </Stack>
  );
}
