import type { ComponentProps } from 'react';
import type { FieldPath, FieldValues } from 'react-hook-form';
import { TextField } from './TextField';
import { type FormFieldProps, type SetByForm, useFormField } from './useFormField';

type Props<Values extends FieldValues, Name extends FieldPath<Values>> = FormFieldProps<Values, Name> &
  Omit<ComponentProps<typeof TextField>, SetByForm>;

/** A text field of a react-hook-form form. The error message replaces the helper text. */
export function FormTextField<Values extends FieldValues, Name extends FieldPath<Values>>({
  control,
  name,
  rules,
  helperText,
  ...props
}: Props<Values, Name>) {
  const field = useFormField({ control, name, ...(rules ? { rules } : {}) });
  return <TextField {...props} {...field.props} helperText={field.message || helperText} />;
}

/** A validation rule: the text must contain something other than white space. */
export function notBlank(message: string) {
  return (value: string) => value.trim() !== '' || message;
}
