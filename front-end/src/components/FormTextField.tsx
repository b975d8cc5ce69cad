import { TextField, type TextFieldProps } from '@mui/material';
import { type Control, type FieldPath, type FieldValues, type RegisterOptions, useController } from 'react-hook-form';

interface Props<Values extends FieldValues, Name extends FieldPath<Values>> extends Omit<
  TextFieldProps,
  'name' | 'value' | 'defaultValue' | 'error' | 'onChange' | 'onBlur'
> {
  control: Control<Values>;
  name: Name;
  rules?: Pick<RegisterOptions<Values, Name>, 'required' | 'validate' | 'deps'>;
}

/** A text field of a react-hook-form form. The error message replaces the helper text. */
export function FormTextField<Values extends FieldValues, Name extends FieldPath<Values>>({
  control,
  name,
  rules,
  helperText,
  ...props
}: Props<Values, Name>) {
  const { field, fieldState } = useController({ control, name, ...(rules ? { rules } : {}) });
  return (
    <TextField
      {...props}
      name={field.name}
      value={field.value}
      onChange={field.onChange}
      onBlur={field.onBlur}
      inputRef={field.ref}
      error={fieldState.invalid}
      helperText={fieldState.error?.message || helperText}
    />
  );
}

/** A validation rule: the text must contain something other than white space. */
export function notBlank(message: string) {
  return (value: string) => value.trim() !== '' || message;
}
