import type { Control, FieldPath, FieldValues } from 'react-hook-form';
import { texts } from '@/config/texts';
import { FormTextField } from './FormTextField';

const MIN_PASSWORD_LENGTH = 10; // characters, the same minimum as the API's

interface Props<Values extends FieldValues> {
  control: Control<Values>;
  name: FieldPath<Values>;
  label?: string;
  /** Fields that are validated again when this one changes. */
  deps?: FieldPath<Values>[];
}

/** A field for a new password, with its minimum length. */
export function NewPasswordField<Values extends FieldValues>({
  control,
  name,
  label = texts.login.password,
  deps,
}: Props<Values>) {
  const hint = texts.invitation.minLength(MIN_PASSWORD_LENGTH);
  return (
    <FormTextField
      control={control}
      name={name}
      label={label}
      type="password"
      autoComplete="new-password"
      helperText={hint}
      rules={{
        validate: (value: string) => value.trim().length >= MIN_PASSWORD_LENGTH || hint,
        ...(deps ? { deps } : {}),
      }}
    />
  );
}
