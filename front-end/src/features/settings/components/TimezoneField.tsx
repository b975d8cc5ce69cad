import { Autocomplete } from '@mui/material';
import { TextField } from '@/components/TextField';
import { agentTexts } from '@/config/texts/agents';

const TIME_ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];

interface Props {
  value: string;
  disabled: boolean;
  onChange: (timezone: string) => void;
}

/** The time zone of the business, which opening and working hours are in. */
export function TimezoneField({ value, disabled, onChange }: Props) {
  return (
    <Autocomplete
      disableClearable
      disabled={disabled}
      options={TIME_ZONES}
      value={value}
      onChange={(_, timezone) => onChange(timezone)}
      renderInput={(params) => (
        <TextField {...params} label={agentTexts.timezone} helperText={agentTexts.timezoneHint} />
      )}
      sx={{ maxWidth: 400 }}
    />
  );
}
