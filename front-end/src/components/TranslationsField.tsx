import { texts } from '@/config/texts';
import { usePlaceholderNames } from '@/lib/placeholderNames';
import type { Translations } from '@/lib/translations';
import { PerLanguage } from './PerLanguage';
import { PlaceholderEditor } from './PlaceholderEditor';

interface Props {
  /** The label of the text itself. */
  label: string;
  value: Translations;
  onChange: (value: Translations) => void;
}

/** A template text in further languages, each with its own field. */
export function TranslationsField({ label, value, onChange }: Props) {
  const names = usePlaceholderNames();
  return (
    <PerLanguage
      entries={value}
      blank=""
      addLabel={texts.translations.add({ field: label })}
      removeLabel={(language) => texts.translations.remove({ language })}
      onChange={onChange}
    >
      {(tag, language) => (
        <PlaceholderEditor
          compact="text"
          label={texts.translations.label({ field: label, language })}
          value={value[tag] ?? ''}
          onChange={(text) => onChange({ ...value, [tag]: text })}
          names={names}
          minRows={2}
        />
      )}
    </PerLanguage>
  );
}
