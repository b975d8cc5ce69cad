import { FormControl, FormHelperText, InputLabel, OutlinedInput } from '@mui/material';
import { useId } from 'react';

interface Props {
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  /** Replaces the hint. */
  error?: string | undefined;
  hint?: string;
}

/** Looks like MUI's TextField, which also contains the menus of select fields: too much code for the sign-in page. */
export function PlainTextField({
  name,
  label,
  value,
  onChange,
  type = 'text',
  autoComplete,
  autoFocus = false,
  error,
  hint,
}: Props) {
  const id = useId();
  const help = error ?? hint;
  return (
    <FormControl fullWidth size="small" error={error !== undefined}>
      <InputLabel htmlFor={id}>{label}</InputLabel>
      <OutlinedInput
        id={id}
        name={name}
        label={label}
        type={type}
        value={value}
        autoFocus={autoFocus}
        onChange={(event) => onChange(event.target.value)}
        {...(autoComplete ? { autoComplete } : {})}
        {...(help ? { 'aria-describedby': `${id}-help` } : {})}
      />
      {help && <FormHelperText id={`${id}-help`}>{help}</FormHelperText>}
    </FormControl>
  );
}
