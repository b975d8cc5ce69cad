import { SelectField } from '@/components/SelectField';
import { agentTexts } from '@/config/texts/agents';
import { timeZonesWith } from '@/lib/time';

interface Props {
  value: string;
  disabled: boolean;
  onChange: (timezone: string) => void;
}

/** The time zone of the business, which opening and working hours are in. */
export function TimezoneField({ value, disabled, onChange }: Props) {
  return (
    <SelectField
      disabled={disabled}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      label={agentTexts.timezone}
      helperText={agentTexts.timezoneHint}
      sx={{ maxWidth: 400 }}
    >
      {timeZonesWith(value).map((name) => (
        <option key={name}>{name}</option>
      ))}
    </SelectField>
  );
}
