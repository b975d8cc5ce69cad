import { type Control, useField } from '@/lib/form';
import { usePlaceholderNames } from '@/lib/placeholderNames';
import { PlaceholderEditor } from './PlaceholderEditor';

interface Props<Values extends object> {
  control: Control<Values>;
  name: keyof Values & string;
  label: string;
  hint: string;
  minRows: number;
  readOnly?: boolean;
}

/** A template text of a form. */
export function FormPlaceholderField<Values extends object>({ control, name, ...props }: Props<Values>) {
  const names = usePlaceholderNames();
  const { value, onChange } = useField({ control, name });
  return (
    <PlaceholderEditor
      {...props}
      value={value as string}
      onChange={(text) => onChange(text as Values[typeof name])}
      names={names}
    />
  );
}
