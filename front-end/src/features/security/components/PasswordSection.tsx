import { Button, Stack } from '@mui/material';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useForm } from '@/lib/form';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { NewPasswordField } from '@/components/NewPasswordField';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { securityTexts } from '@/config/texts/security';
import { changePassword } from '../api/security';
import { sessionsQuery } from '../api/sessions';
import { Section } from './Section';

const own = securityTexts.password;

const EMPTY = { current: '', next: '', again: '' };

export function PasswordSection() {
  const notify = useNotify();
  const queryClient = useQueryClient();
  const { control, handleSubmit, reset } = useForm({ defaultValues: EMPTY });
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      reset(EMPTY);
      notify(own.done);
      void queryClient.invalidateQueries({ queryKey: sessionsQuery().queryKey });
    },
  });
  const submit = handleSubmit(({ current, next }) => change.mutate({ current_password: current, new_password: next }));
  return (
    <Section title={own.title} hint={own.hint}>
      <Stack
        component="form"
        noValidate
        spacing={2}
        onSubmit={(event) => void submit(event)}
        sx={{ width: '100%', maxWidth: 400 }}
      >
        <FormTextField
          control={control}
          name="current"
          label={own.current}
          type="password"
          autoComplete="current-password"
          validate={notBlank(texts.login.missing)}
        />
        <NewPasswordField control={control} name="next" label={own.next} />
        <FormTextField
          control={control}
          name="again"
          label={texts.invitation.repeatPassword}
          type="password"
          autoComplete="new-password"
          validate={(value, { next }) => value === next || texts.invitation.mismatch}
        />
        {change.error && <ErrorNotice error={change.error} />}
        <Button type="submit" variant="outlined" disabled={change.isPending} sx={{ alignSelf: 'flex-start' }}>
          {own.submit}
        </Button>
      </Stack>
    </Section>
  );
}
