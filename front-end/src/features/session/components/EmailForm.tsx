import { Button, Stack } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { signIn } from '@/lib/session';
import type { Me } from '@/lib/types';
import { withMessageFor401 } from '../api/errors';

/** Signs in with email and password, to the given business or else to the user's first one. */
export function EmailForm({ businessId, onDone }: { businessId?: string | undefined; onDone: (me: Me) => void }) {
  const { control, handleSubmit, resetField } = useForm({ defaultValues: { email: '', password: '' } });
  const login = useMutation({
    mutationFn: signIn,
    onSuccess: (me) => {
      resetField('password');
      onDone(me);
    },
  });
  const submit = handleSubmit(({ email, password }) =>
    login.mutate({ email: email.trim(), password, ...(businessId ? { business_id: businessId } : {}) }),
  );
  return (
    <Stack component="form" noValidate spacing={2} onSubmit={(event) => void submit(event)}>
      <FormTextField
        control={control}
        name="email"
        label={texts.login.email}
        type="email"
        autoComplete="username"
        rules={{ validate: notBlank(texts.login.missing) }}
      />
      <FormTextField
        control={control}
        name="password"
        label={texts.login.password}
        type="password"
        autoComplete="current-password"
        rules={{ validate: notBlank(texts.login.missing) }}
      />
      {login.error && (
        <ErrorNotice title={texts.login.failed} error={withMessageFor401(login.error, texts.login.refusedEmail)} />
      )}
      <Button type="submit" variant="contained" size="large" disabled={login.isPending}>
        {login.isPending ? texts.login.submitting : texts.login.submit}
      </Button>
    </Stack>
  );
}
