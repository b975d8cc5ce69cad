import { MenuItem, type SxProps, TextField, type Theme } from '@mui/material';
import { texts } from '@/config/texts';

interface Props {
  label: string;
  /** Empty for all. */
  value: string;
  /** The text of each value, in the order of the menu. */
  options: Readonly<Record<string, string>>;
  onChange: (value: string) => void;
  sx?: SxProps<Theme>;
}

/** Limits a list to one of the values, or shows all. */
export function FilterSelect({ label, value, options, onChange, sx }: Props) {
  return (
    <TextField
      select
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      {...(sx ? { sx } : {})}
    >
      <MenuItem value="">{texts.common.all}</MenuItem>
      {Object.entries(options).map(([each, text]) => (
        <MenuItem key={each} value={each}>
          {text}
        </MenuItem>
      ))}
    </TextField>
  );
}
