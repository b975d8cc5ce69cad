import { TextField, type TextFieldProps } from '@mui/material';
import type { FieldPath, FieldValues } from 'react-hook-form';
import { type FormFieldProps, type SetByForm, useFormField } from './useFormField';

type Props<Values extends FieldValues, Name extends FieldPath<Values>> = FormFieldProps<Values, Name> &
  Omit<TextFieldProps, 'select' | SetByForm>;

/** A field of a react-hook-form form that selects one of several options. The error message replaces the helper text. */
export function FormSelectField<Values extends FieldValues, Name extends FieldPath<Values>>({
  control,
  name,
  rules,
  helperText,
  ...props
}: Props<Values, Name>) {
  const field = useFormField({ control, name, ...(rules ? { rules } : {}) });
  return <TextField select {...props} {...field.props} helperText={field.message || helperText} />;
}
