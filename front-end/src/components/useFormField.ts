import { type Control, type FieldPath, type FieldValues, type RegisterOptions, useController } from 'react-hook-form';

export interface FormFieldProps<Values extends FieldValues, Name extends FieldPath<Values>> {
  control: Control<Values>;
  name: Name;
  rules?: Pick<RegisterOptions<Values, Name>, 'required' | 'validate' | 'deps'>;
}

/** The properties that a react-hook-form form sets, instead of its fields themselves. */
export type SetByForm = 'name' | 'value' | 'defaultValue' | 'error' | 'onChange' | 'onBlur';

/** The properties of a field of a react-hook-form form, and its error message. */
export function useFormField<Values extends FieldValues, Name extends FieldPath<Values>>({
  control,
  name,
  rules,
}: FormFieldProps<Values, Name>) {
  const { field, fieldState } = useController({ control, name, ...(rules ? { rules } : {}) });
  const props = {
    name: field.name,
    value: field.value,
    onChange: field.onChange,
    onBlur: field.onBlur,
    inputRef: field.ref,
    error: fieldState.invalid,
  };
  return { props, message: fieldState.error?.message };
}
