import { Button, Stack } from '@mui/material';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useForm } from '@/lib/form';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { call } from '@/lib/client';
import { signInOptionsQuery } from '@/lib/session';

/** Creates a business of the signed-in user, if the server allows it. */
export function NewBusinessForm({ onDone }: { onDone: (businessId: string) => void }) {
  const options = useQuery(signInOptionsQuery());
  const { control, handleSubmit } = useForm({ defaultValues: { name: '' } });
  const create = useMutation({
    mutationFn: async (name: string) =>
      (await call('post', '/api/v1/businesses', { body: { business_name: name } })).body,
    onSuccess: (made) => onDone(made.business_id),
  });
  if (options.data?.signup !== 'open') return null;
  return (
    <Stack
      component="form"
      noValidate
      spacing={1.5}
      onSubmit={(event) => void handleSubmit(({ name }) => create.mutate(name.trim()))(event)}
    >
      <FormTextField
        control={control}
        name="name"
        label={texts.login.newBusiness}
        autoComplete="organization"
        validate={notBlank(texts.login.missing)}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
      {create.error && <ErrorNotice error={create.error} />}
      <Button type="submit" variant="contained" disabled={create.isPending}>
        {texts.login.createBusiness}
      </Button>
    </Stack>
  );
}
