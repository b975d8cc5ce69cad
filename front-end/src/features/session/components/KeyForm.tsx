import { Button, Stack, TextField, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { connectByKey } from '@/lib/session';
import type { Me } from '@/lib/types';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** User id, business id and business key. The key leaves the form's state as soon as it is accepted. */
export function KeyForm({ businessId, onDone }: { businessId?: string | undefined; onDone: (me: Me) => void }) {
  const [values, setValues] = useState({ userId: '', businessId: businessId ?? '', businessApiKey: '' });
  const [checked, setChecked] = useState(false);
  const connect = useMutation({
    mutationFn: connectByKey,
    onSuccess: (me) => {
      setValues((last) => ({ ...last, businessApiKey: '' }));
      onDone(me);
    },
  });
  const trimmed = {
    userId: values.userId.trim().toLowerCase(),
    businessId: values.businessId.trim().toLowerCase(),
    businessApiKey: values.businessApiKey.trim(),
  };
  const problems = {
    userId: problemOf(trimmed.userId, true),
    businessId: problemOf(trimmed.businessId, true),
    businessApiKey: problemOf(trimmed.businessApiKey, false),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!Object.values(problems).some(Boolean)) connect.mutate(trimmed);
  };
  const field = (name: keyof typeof values, label: string) => ({
    label,
    value: values[name],
    onChange: (event: { target: { value: string } }) => setValues((last) => ({ ...last, [name]: event.target.value })),
    error: checked && problems[name] !== null,
    helperText: checked ? problems[name] : null,
  });
  return (
    <Stack component="form" noValidate spacing={2} onSubmit={submit}>
      <Typography variant="body2" color="textSecondary">
        {texts.login.keyHint}
      </Typography>
      <TextField {...field('userId', texts.login.userId)} autoComplete="off" />
      <TextField {...field('businessId', texts.login.businessId)} autoComplete="off" />
      <TextField {...field('businessApiKey', texts.login.businessKey)} type="password" autoComplete="off" />
      {connect.error && <ErrorNotice error={refusal(connect.error, texts.login.refused)} />}
      <Button type="submit" variant="contained" size="large" disabled={connect.isPending}>
        {connect.isPending ? texts.login.submitting : texts.login.submit}
      </Button>
    </Stack>
  );
}

function problemOf(value: string, isId: boolean): string | null {
  if (!value) return texts.login.missing;
  return isId && !UUID.test(value) ? texts.login.notUuid : null;
}

/** A 401 in words that fit the form. */
export function refusal(error: Error, sentence: string): Error {
  return error instanceof ApiError && error.status === 401 ? new ApiError(401, error.code, sentence) : error;
}
