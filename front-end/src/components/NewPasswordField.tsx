import { texts } from '@/config/texts';
import type { Control } from '@/lib/form';
import { FormTextField } from './FormTextField';

const MIN_PASSWORD_LENGTH = 10; // characters, the same minimum as the API's

interface Props<Values extends object> {
  control: Control<Values>;
  name: keyof Values & string;
  label?: string;
}

/** A field for a new password, with its minimum length. */
export function NewPasswordField<Values extends object>({
  control,
  name,
  label = texts.login.password,
}: Props<Values>) {
  const hint = texts.invitation.minLength({ n: MIN_PASSWORD_LENGTH });
  return (
    <FormTextField
      control={control}
      name={name}
      label={label}
      type="password"
      autoComplete="new-password"
      helperText={hint}
      validate={(value) => String(value).trim().length >= MIN_PASSWORD_LENGTH || hint}
    />
  );
}
