import { type SxProps, type Theme } from '@mui/material';
import { SelectField } from './SelectField';
import { texts } from '@/config/texts';

interface Props {
  label: string;
  /** Empty for all. */
  value: string;
  /** The text of each value, in the order of the menu. */
  options: Readonly<Record<string, string>>;
  onChange: (value: string) => void;
  sx?: SxProps<Theme>;
}

/** Limits a list to one of the values, or shows all. */
export function FilterSelect({ label, value, options, onChange, sx }: Props) {
  return (
    <SelectField label={label} value={value} onChange={(event) => onChange(event.target.value)} {...(sx ? { sx } : {})}>
      <option value="">{texts.common.all}</option>
      {Object.entries(options).map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </SelectField>
  );
}
