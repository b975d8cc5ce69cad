import { Button, Stack, TextField } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { signIn } from '@/lib/session';
import type { Me } from '@/lib/types';
import { refusal } from './KeyForm';

/** Email and password, for the business that is open or else the person's first one. */
export function EmailForm({ businessId, onDone }: { businessId?: string | undefined; onDone: (me: Me) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: (me) => {
      setPassword('');
      onDone(me);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (email.trim() && password)
      enter.mutate({ email: email.trim(), password, ...(businessId ? { business_id: businessId } : {}) });
  };
  const missing = (value: string) => ({
    error: checked && !value.trim(),
    helperText: checked && !value.trim() ? texts.login.missing : null,
  });
  return (
    <Stack component="form" noValidate spacing={2} onSubmit={submit}>
      <TextField
        label={texts.login.email}
        type="email"
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        {...missing(email)}
      />
      <TextField
        label={texts.login.password}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        {...missing(password)}
      />
      {enter.error && <ErrorNotice error={refusal(enter.error, texts.login.refusedEmail)} />}
      <Button type="submit" variant="contained" size="large" disabled={enter.isPending}>
        {enter.isPending ? texts.login.submitting : texts.login.submit}
      </Button>
    </Stack>
  );
}
