import { TextField } from '@/components/TextField';
import { settings as settingTexts } from '@/config/texts/settings';

export interface NumberRange {
  min: number;
  max: number;
  isInteger?: boolean;
}

/** Whether the text is empty or a number in the range. */
export function isNumberIn(text: string, { min, max, isInteger = false }: NumberRange): boolean {
  const number = Number(text);
  return text.trim() === '' || (number >= min && number <= max && (!isInteger || Number.isInteger(number)));
}

/** The number in a field, `undefined` if the field is empty. */
export function numberOf(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

/** The text of a field for a number that may be missing. */
export function textOf(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}

interface Props {
  label: string;
  /** What the setting does, and what applies if the field is empty. */
  hint: string;
  value: string;
  range: NumberRange;
  disabled: boolean;
  onChange: (text: string) => void;
}

/** A field for a number that may be left empty. */
export function NumberField({ label, hint, value, range, disabled, onChange }: Props) {
  const isValid = isNumberIn(value, range);
  const problem = range.isInteger ? settingTexts.integerInvalid : settingTexts.numberInvalid;
  return (
    <TextField
      label={label}
      value={value}
      disabled={disabled}
      error={!isValid}
      helperText={isValid ? hint : problem({ min: range.min, max: range.max })}
      slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off' } }}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
