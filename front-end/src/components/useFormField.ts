import type { ChangeEvent, Ref } from 'react';
import { type Control, type Validate, useField } from '@/lib/form';

export interface FormFieldProps<Values extends object, Name extends keyof Values & string> {
  control: Control<Values>;
  name: Name;
  validate?: Validate<Values[Name], Values>;
}

/** The properties that a form sets, instead of its fields themselves. */
export type SetByForm = 'name' | 'value' | 'defaultValue' | 'error' | 'onChange' | 'onBlur';

/** The properties of a field for text, and its error message. */
export function useFormField<Values extends object, Name extends keyof Values & string>(
  options: FormFieldProps<Values, Name>,
) {
  const { value, isInvalid, message, onChange, ref } = useField(options);
  const props = {
    name: options.name,
    value: value as string,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onChange(event.target.value as Values[Name]),
    inputRef: ref as Ref<HTMLInputElement>,
    error: isInvalid,
  };
  return { props, message };
}
