import { Checkbox, FormControlLabel } from '@mui/material';
import { useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormTextField } from '@/components/FormTextField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { customerTexts } from '@/config/texts/data';
import type { User } from '@/lib/types';
import { useChangeCustomers } from '../api/customers';

const FIELDS = ['first_name', 'last_name', 'email', 'phone', 'language', 'timezone', 'external_id'] as const;
/** A customer has at least one of these. */
const IDENTIFYING = ['first_name', 'last_name', 'email', 'external_id'] as const;
const HINTS: Partial<Record<(typeof FIELDS)[number], string>> = customerTexts.hints;

interface Props {
  user: User | null;
  onClose: () => void;
  /** Called with the ID of a new customer. */
  onCreated?: (userId: string) => void;
}

/** Creates a customer, or changes one. */
export function CustomerDialog({ user, onClose, onCreated }: Props) {
  const notify = useNotify();
  const { create, update } = useChangeCustomers();
  const { control, handleSubmit } = useForm({
    defaultValues: {
      ...(Object.fromEntries(FIELDS.map((name) => [name, user?.[name] ?? ''])) as Record<
        (typeof FIELDS)[number],
        string
      >),
      is_test: user?.is_test ?? false,
    },
  });
  const submit = handleSubmit(({ is_test, ...given }) => {
    const values = Object.fromEntries(FIELDS.map((name) => [name, given[name].trim() || null]));
    const onSaved = () => {
      notify(texts.common.saved);
      onClose();
    };
    if (user) update.mutate({ userId: user.user_id, values: { ...values, is_test } }, { onSuccess: onSaved });
    else {
      const set = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
      create.mutate({ ...set, is_test }, { onSuccess: (userId) => onCreated?.(userId) });
    }
  });
  return (
    <FormDialog
      title={user ? customerTexts.edit : customerTexts.new}
      submitLabel={user ? texts.common.save : texts.common.create}
      maxWidth="sm"
      busy={create.isPending || update.isPending}
      error={create.error ?? update.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {FIELDS.map((name) => (
        <FormTextField
          key={name}
          control={control}
          name={name}
          autoFocus={name === 'first_name'}
          autoComplete="off"
          label={customerTexts.fields[name]}
          helperText={HINTS[name]}
          validate={(_, values) =>
            name !== 'first_name' ||
            user !== null ||
            IDENTIFYING.some((each) => values[each].trim()) ||
            customerTexts.needed
          }
        />
      ))}
      <FormControlLabel
        control={
          <Checkbox checked={control.values.is_test} onChange={(_, checked) => control.change('is_test', checked)} />
        }
        label={customerTexts.isTest}
      />
    </FormDialog>
  );
}
