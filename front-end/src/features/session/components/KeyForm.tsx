import { Button, Stack, Typography } from '@mui/material';
import { PlainTextField } from '@/components/PlainTextField';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { isUuid } from '@/lib/format';
import { signInWithKey } from '@/lib/session';
import type { Me } from '@/lib/types';
import { withMessageFor401 } from '../api/errors';
import { missing } from './missing';
import { useSignInForm } from './useSignInForm';

/** Signs in with user ID, business ID and business key. The key is cleared from the form once it is accepted. */
export default function KeyForm({ businessId, onDone }: { businessId?: string | undefined; onDone: (me: Me) => void }) {
  const { field, submit, isSending, error } = useSignInForm({
    initial: { userId: '', businessId: businessId ?? '', businessApiKey: '' },
    check: (values) => ({
      userId: problemOfId(values.userId),
      businessId: problemOfId(values.businessId),
      businessApiKey: missing(values.businessApiKey),
    }),
    send: (values) =>
      signInWithKey({
        userId: values.userId.trim().toLowerCase(),
        businessId: values.businessId.trim().toLowerCase(),
        businessApiKey: values.businessApiKey.trim(),
      }),
    secret: 'businessApiKey',
    onDone,
  });
  return (
    <Stack component="form" noValidate spacing={2} onSubmit={(event) => void submit(event)}>
      <Typography variant="body2" color="textSecondary">
        {texts.login.keyHint}
      </Typography>
      <PlainTextField {...field('userId')} label={texts.login.userId} autoComplete="off" />
      <PlainTextField {...field('businessId')} label={texts.login.businessId} autoComplete="off" />
      <PlainTextField {...field('businessApiKey')} label={texts.login.businessKey} type="password" autoComplete="off" />
      {error && <ErrorNotice title={texts.login.failed} error={withMessageFor401(error, texts.login.refused)} />}
      <Button type="submit" variant="contained" size="large" disabled={isSending}>
        {isSending ? texts.login.submitting : texts.login.submit}
      </Button>
    </Stack>
  );
}

function problemOfId(text: string): string | undefined {
  return missing(text) ?? (isUuid(text.trim()) ? undefined : texts.login.notUuid);
}
