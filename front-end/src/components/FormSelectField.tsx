import { SelectField, type SelectFieldProps } from './SelectField';
import { type FormFieldProps, type SetByForm, useFormField } from './useFormField';

type Props<Values extends object, Name extends keyof Values & string> = FormFieldProps<Values, Name> &
  Omit<SelectFieldProps, SetByForm>;

/** A field of a form that selects one of several options. The error message replaces the helper text. */
export function FormSelectField<Values extends object, Name extends keyof Values & string>({
  control,
  name,
  validate,
  helperText,
  ...props
}: Props<Values, Name>) {
  const field = useFormField({ control, name, ...(validate ? { validate } : {}) });
  return <SelectField {...props} {...field.props} helperText={field.message || helperText} />;
}
