import { MenuItem, TextField } from '@mui/material';

interface Props {
  label: string;
  value: string;
  options: Record<string, string>;
  onChange: (value: string) => void;
}

/** A field that filters a list by one of a few values. */
export function ChoiceField({ label, value, options, onChange }: Props) {
  return (
    <TextField select label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {Object.entries(options).map(([option, text]) => (
        <MenuItem key={option} value={option}>
          {text}
        </MenuItem>
      ))}
    </TextField>
  );
}
