import { Button, Stack, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { signInWithKey } from '@/lib/session';
import type { Me } from '@/lib/types';
import { isUuid } from '@/lib/format';
import { withMessageFor401 } from '../api/errors';

const idRules = {
  validate: {
    missing: notBlank(texts.login.missing),
    format: (value: string) => isUuid(value.trim()) || texts.login.notUuid,
  },
};

/** Signs in with user ID, business ID and business key. The key is cleared from the form once it is accepted. */
export function KeyForm({ businessId, onDone }: { businessId?: string | undefined; onDone: (me: Me) => void }) {
  const { control, handleSubmit, resetField } = useForm({
    defaultValues: { userId: '', businessId: businessId ?? '', businessApiKey: '' },
  });
  const connect = useMutation({
    mutationFn: signInWithKey,
    onSuccess: (me) => {
      resetField('businessApiKey');
      onDone(me);
    },
  });
  const submit = handleSubmit((values) =>
    connect.mutate({
      userId: values.userId.trim().toLowerCase(),
      businessId: values.businessId.trim().toLowerCase(),
      businessApiKey: values.businessApiKey.trim(),
    }),
  );
  return (
    <Stack component="form" noValidate spacing={2} onSubmit={(event) => void submit(event)}>
      <Typography variant="body2" color="textSecondary">
        {texts.login.keyHint}
      </Typography>
      <FormTextField control={control} name="userId" label={texts.login.userId} autoComplete="off" rules={idRules} />
      <FormTextField
        control={control}
        name="businessId"
        label={texts.login.businessId}
        autoComplete="off"
        rules={idRules}
      />
      <FormTextField
        control={control}
        name="businessApiKey"
        label={texts.login.businessKey}
        type="password"
        autoComplete="off"
        rules={{ validate: notBlank(texts.login.missing) }}
      />
      {connect.error && (
        <ErrorNotice title={texts.login.failed} error={withMessageFor401(connect.error, texts.login.refused)} />
      )}
      <Button type="submit" variant="contained" size="large" disabled={connect.isPending}>
        {connect.isPending ? texts.login.submitting : texts.login.submit}
      </Button>
    </Stack>
  );
}
