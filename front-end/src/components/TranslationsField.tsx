import { Button, Stack } from '@mui/material';
import { texts } from '@/config/texts';
import { COMMON_LANGUAGES, languageLabel } from '@/lib/languages';
import { usePlaceholderNames } from '@/lib/placeholderNames';
import type { Translations } from '@/lib/translations';
import { PlaceholderEditor } from './PlaceholderEditor';
import { SelectField } from './SelectField';

interface Props {
  /** The label of the text itself. */
  label: string;
  value: Translations;
  onChange: (value: Translations) => void;
}

/** A template text in further languages, each with its own field. */
export function TranslationsField({ label, value, onChange }: Props) {
  const names = usePlaceholderNames();
  const tags = Object.keys(value);
  const remove = (tag: string) => onChange(Object.fromEntries(Object.entries(value).filter(([each]) => each !== tag)));
  return (
    <Stack spacing={1.5}>
      {tags.map((tag) => (
        <Stack key={tag} direction="row" spacing={1} sx={{ alignItems: 'flex-start' }}>
          <div style={{ flexGrow: 1, minWidth: 0 }}>
            <PlaceholderEditor
              compact="text"
              label={texts.translations.label({ field: label, language: languageLabel(tag) })}
              value={value[tag] ?? ''}
              onChange={(text) => onChange({ ...value, [tag]: text })}
              names={names}
              minRows={2}
            />
          </div>
          <Button
            color="inherit"
            aria-label={texts.translations.remove({ language: languageLabel(tag) })}
            onClick={() => remove(tag)}
          >
            {texts.translations.removeShort}
          </Button>
        </Stack>
      ))}
      <SelectField
        value=""
        fullWidth={false}
        ariaLabel={texts.translations.add({ field: label })}
        onChange={(event) => onChange({ ...value, [event.target.value]: '' })}
        sx={{ alignSelf: 'flex-start' }}
      >
        <option value="">{texts.translations.add({ field: label })}</option>
        {COMMON_LANGUAGES.filter((tag) => !tags.includes(tag)).map((tag) => (
          <option key={tag} value={tag}>
            {languageLabel(tag)}
          </option>
        ))}
      </SelectField>
    </Stack>
  );
}
