import type { ComponentProps } from 'react';
import { TextField } from './TextField';
import { type FormFieldProps, type SetByForm, useFormField } from './useFormField';

type Props<Values extends object, Name extends keyof Values & string> = FormFieldProps<Values, Name> &
  Omit<ComponentProps<typeof TextField>, SetByForm>;

/** A text field of a form. The error message replaces the helper text. */
export function FormTextField<Values extends object, Name extends keyof Values & string>({
  control,
  name,
  validate,
  helperText,
  ...props
}: Props<Values, Name>) {
  const field = useFormField({ control, name, ...(validate ? { validate } : {}) });
  return <TextField {...props} {...field.props} helperText={field.message || helperText} />;
}

/** A validation: the text must contain something other than white space. */
export function notBlank(message: string) {
  return (value: string) => value.trim() !== '' || message;
}
