import { useMutation } from '@tanstack/react-query';
import { FormDialog } from '@/components/FormDialog';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { texts } from '@/config/texts';
import { call } from '@/lib/client';
import { useForm } from '@/lib/form';

interface Props {
  onCreated: (businessId: string) => Promise<void>;
  onClose: () => void;
}

/** Creates a further business of the signed-in user. */
export function NewBusinessDialog({ onCreated, onClose }: Props) {
  const { control, handleSubmit } = useForm({ defaultValues: { name: '' } });
  const create = useMutation({
    mutationFn: async (name: string) => {
      const made = await call('post', '/api/v1/businesses', { body: { business_name: name } });
      await onCreated(made.body.business_id);
    },
  });
  return (
    <FormDialog
      title={texts.login.createBusiness}
      submitLabel={texts.common.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={handleSubmit(({ name }) => create.mutate(name.trim()))}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="name"
        autoFocus
        autoComplete="off"
        label={texts.login.newBusiness}
        validate={notBlank(texts.login.missing)}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
    </FormDialog>
  );
}
