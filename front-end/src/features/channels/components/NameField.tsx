import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { channelTexts } from '@/config/texts/channels';

interface Props {
  value: string;
  /** Whether the user has tried to save; a missing name is an error only then. */
  hasTried: boolean;
  onChange: (name: string) => void;
}

/** The name of a channel. */
export function NameField({ value, hasTried, onChange }: Props) {
  const isMissing = hasTried && !value.trim();
  return (
    <TextField
      label={texts.common.name}
      required
      value={value}
      error={isMissing}
      helperText={isMissing ? channelTexts.required : channelTexts.nameHint}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ htmlInput: { maxLength: 100, autoComplete: 'off' } }}
    />
  );
}
