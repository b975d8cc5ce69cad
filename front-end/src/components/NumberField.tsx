import { useState } from 'react';
import { TextField } from '@/components/TextField';

interface Props {
  label: string;
  helperText?: string;
  value: number | undefined;
  step?: number;
  disabled?: boolean;
  onChange: (value: number | undefined) => void;
}

/** A number, which can be left blank. */
export function NumberField({ label, helperText, value, step = 1, disabled = false, onChange }: Props) {
  const [text, setText] = useState(value === undefined ? '' : String(value));
  return (
    <TextField
      type="number"
      label={label}
      helperText={helperText}
      value={text}
      disabled={disabled}
      onChange={(event) => {
        setText(event.target.value);
        onChange(event.target.value === '' ? undefined : Number(event.target.value));
      }}
      slotProps={{ htmlInput: { min: 0, step } }}
    />
  );
}
