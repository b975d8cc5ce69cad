import { type Control, type FieldPathByValue, type FieldValues, useController } from 'react-hook-form';
import { usePlaceholderNames } from '@/lib/placeholderNames';
import { PlaceholderEditor } from './PlaceholderEditor';

interface Props<Values extends FieldValues> {
  control: Control<Values>;
  name: FieldPathByValue<Values, string>;
  label: string;
  hint: string;
  minRows: number;
  readOnly?: boolean;
}

/** A template text of a react-hook-form form. */
export function FormPlaceholderField<Values extends FieldValues>({ control, name, ...props }: Props<Values>) {
  const names = usePlaceholderNames();
  const { field } = useController({ control, name });
  return <PlaceholderEditor {...props} value={field.value} onChange={field.onChange} names={names} />;
}
