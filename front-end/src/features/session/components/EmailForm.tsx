import { Button, Link, Stack } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Link as RouterLink } from 'react-router';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { signIn } from '@/lib/session';
import type { Me } from '@/lib/types';
import { isCodeRequired, withMessageFor401 } from '../api/errors';

/** Signs in with email and password, to the given business or else to the user's first one. */
export function EmailForm({ businessId, onDone }: { businessId?: string | undefined; onDone: (me: Me) => void }) {
  const { control, handleSubmit, resetField } = useForm({ defaultValues: { email: '', password: '', code: '' } });
  // Asked for only after the password was correct, and from then on for every attempt.
  const [asksCode, setAsksCode] = useState(false);
  const login = useMutation({
    mutationFn: signIn,
    onSuccess: (me) => {
      resetField('password');
      onDone(me);
    },
    onError: (error) => {
      if (isCodeRequired(error)) setAsksCode(true);
    },
  });
  const submit = handleSubmit(({ email, password, code }) =>
    login.mutate({
      email: email.trim(),
      password,
      ...(asksCode ? { code: code.trim() } : {}),
      ...(businessId ? { business_id: businessId } : {}),
    }),
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
      {asksCode && (
        <FormTextField
          control={control}
          name="code"
          label={texts.login.code}
          autoFocus
          autoComplete="one-time-code"
          helperText={texts.login.codeHint}
          rules={{ validate: notBlank(texts.login.missing) }}
        />
      )}
      {login.error && !(isCodeRequired(login.error) && !login.variables.code) && (
        <ErrorNotice title={texts.login.failed} error={withMessageFor401(login.error, texts.login.refusedEmail)} />
      )}
      <Button type="submit" variant="contained" size="large" disabled={login.isPending}>
        {login.isPending ? texts.login.submitting : texts.login.submit}
      </Button>
      {!businessId && ( // not in the dialog of an ended session, which would lose what is unsaved
        <Link component={RouterLink} to={paths.forgotPassword} variant="body2" sx={{ alignSelf: 'center' }}>
          {texts.login.forgot}
        </Link>
      )}
    </Stack>
  );
}
