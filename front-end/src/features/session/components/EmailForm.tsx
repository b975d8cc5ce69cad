import { Button, Link, Stack } from '@mui/material';
import { useState } from 'react';
import { PlainTextField } from '@/components/PlainTextField';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { addressOf } from '@/lib/loadPage';
import { signIn } from '@/lib/session';
import type { Me } from '@/lib/types';
import { isCodeRequired, withMessageFor401 } from '../api/errors';
import { missing } from './missing';
import { useSignInForm } from './useSignInForm';

/** Signs in with email and password, to the given business or else to the user's first one. */
export function EmailForm({ businessId, onDone }: { businessId?: string | undefined; onDone: (me: Me) => void }) {
  // Asked for only after the password was correct, and from then on for every attempt.
  const [asksCode, setAsksCode] = useState(false);
  const { field, submit, isSending, error, sent } = useSignInForm({
    initial: { email: '', password: '', code: '' },
    check: ({ email, password, code }) => ({
      email: missing(email),
      password: missing(password),
      ...(asksCode ? { code: missing(code) } : {}),
    }),
    send: ({ email, password, code }) =>
      signIn({
        email: email.trim(),
        password,
        ...(asksCode ? { code: code.trim() } : {}),
        ...(businessId ? { business_id: businessId } : {}),
      }),
    secret: 'password',
    onDone,
    onError: (failure) => {
      if (isCodeRequired(failure)) setAsksCode(true);
    },
  });
  return (
    <Stack component="form" noValidate spacing={2} onSubmit={(event) => void submit(event)}>
      <PlainTextField {...field('email')} label={texts.login.email} type="email" autoComplete="username" />
      <PlainTextField
        {...field('password')}
        label={texts.login.password}
        type="password"
        autoComplete="current-password"
      />
      {asksCode && (
        <PlainTextField
          {...field('code')}
          label={texts.login.code}
          autoFocus
          autoComplete="one-time-code"
          hint={texts.login.codeHint}
        />
      )}
      {error && !(isCodeRequired(error) && !sent?.code) && (
        <ErrorNotice title={texts.login.failed} error={withMessageFor401(error, texts.login.refusedEmail)} />
      )}
      <Button type="submit" variant="contained" size="large" disabled={isSending}>
        {isSending ? texts.login.submitting : texts.login.submit}
      </Button>
      {!businessId && ( // not in the dialog of an ended session, which would lose what is unsaved
        <Link href={addressOf(paths.forgotPassword)} variant="body2" sx={{ alignSelf: 'center' }}>
          {texts.login.forgot}
        </Link>
      )}
    </Stack>
  );
}
