import { Chip, Stack } from '@mui/material';
import { type KeyboardEvent, useId, useState } from 'react';
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
  const [text, setText] = useState('');
  const listId = useId();
  const invalid = value.find((tag) => !isLanguageTag(tag));
  const suggested = COMMON_LANGUAGES.filter((tag) => !value.includes(tag)).map(languageLabel);
  const add = (typed: string) => {
    const tag = languageTagOf(typed);
    setText('');
    if (tag && !value.includes(tag)) onChange([...value, tag]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && text.trim()) {
      event.preventDefault(); // do not submit the form
      add(text);
    } else if (event.key === 'Backspace' && !text) onChange(value.slice(0, -1));
  };
  return (
    <Stack spacing={1}>
      {value.length > 0 && (
        <Stack direction="row" useFlexGap spacing={0.75} sx={{ flexWrap: 'wrap' }}>
          {value.map((tag) => (
            <Chip
              key={tag}
              label={languageLabel(tag)}
              disabled={disabled}
              onDelete={() => onChange(value.filter((each) => each !== tag))}
            />
          ))}
        </Stack>
      )}
      <TextField
        label={agentTexts.languages}
        value={text}
        disabled={disabled}
        error={invalid !== undefined}
        helperText={invalid === undefined ? hint : agentTexts.languageInvalid({ text: invalid })}
        onKeyDown={onKeyDown}
        onChange={({ target }) => (suggested.includes(target.value) ? add(target.value) : setText(target.value))}
        onBlur={() => add(text)}
        slotProps={{ htmlInput: { list: listId, autoComplete: 'off' } }}
      />
      <datalist id={listId}>
        {suggested.map((label) => (
          <option key={label}>{label}</option>
        ))}
      </datalist>
    </Stack>
  );
}
