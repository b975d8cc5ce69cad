import { useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormTextField } from '@/components/FormTextField';
import { texts } from '@/config/texts';
import { useCreateCustomer } from '@/lib/testCustomers';

interface Props {
  onClose: () => void;
  onCreated: (userId: string) => void;
}

export default function NewCustomerDialog({ onClose, onCreated }: Props) {
  const { control, handleSubmit } = useForm({
    defaultValues: { first_name: '', last_name: '', external_id: '' },
  });
  const create = useCreateCustomer();
  const submit = handleSubmit((values) => {
    const entries = Object.entries(values).map(([name, value]) => [name, value.trim()]);
    create.mutate(Object.fromEntries(entries.filter(([, value]) => value)), {
      onSuccess: onCreated,
    });
  });
  return (
    <FormDialog
      title={texts.chat.createCustomer}
      submitLabel={texts.common.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="first_name"
        label={texts.chat.firstName}
        autoFocus
        autoComplete="off"
        validate={(_, values) => Object.values(values).some((value) => value.trim()) || texts.chat.nameNeeded}
      />
      <FormTextField control={control} name="last_name" label={texts.chat.lastName} autoComplete="off" />
      <FormTextField
        control={control}
        name="external_id"
        label={texts.chat.externalId}
        helperText={texts.chat.externalIdHint}
        autoComplete="off"
      />
    </FormDialog>
  );
}
