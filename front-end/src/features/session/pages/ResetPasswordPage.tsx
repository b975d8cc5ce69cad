import { Alert, Button, Stack, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useForm } from '@/lib/form';
import { Link } from 'react-router';
import { FormTextField } from '@/components/FormTextField';
import { NewPasswordField } from '@/components/NewPasswordField';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { accountTexts } from '@/config/texts/account';
import { resetPassword } from '../api/account';
import { withoutTokenDetails } from '../api/errors';
import { SignedOutLayout } from '../components/SignedOutLayout';
import { useLinkToken } from '../components/useLinkToken';

const own = accountTexts.reset;

/** Sets a new password with a mailed link. */
export default function ResetPasswordPage() {
  const token = useLinkToken();
  const { control, handleSubmit } = useForm({ defaultValues: { password: '', again: '' } });
  const reset = useMutation({ mutationFn: resetPassword });
  if (!token || reset.isSuccess) {
    return (
      <SignedOutLayout title={own.title}>
        {token ? <Alert severity="success">{own.done}</Alert> : <Alert severity="warning">{own.noToken}</Alert>}
        <Button component={Link} to={token ? paths.login : paths.forgotPassword} variant="contained">
          {token ? own.signIn : own.askAgain}
        </Button>
      </SignedOutLayout>
    );
  }
  const submit = handleSubmit(({ password }) => reset.mutate({ token, password }));
  return (
    <SignedOutLayout title={own.title}>
      <Stack component="form" noValidate spacing={2} onSubmit={(event) => void submit(event)}>
        <Typography variant="body2" color="textSecondary">
          {own.hint}
        </Typography>
        <NewPasswordField control={control} name="password" />
        <FormTextField
          control={control}
          name="again"
          label={texts.invitation.repeatPassword}
          type="password"
          autoComplete="new-password"
          validate={(value, { password }) => value === password || texts.invitation.mismatch}
        />
        {reset.error && (
          <>
            <ErrorNotice title={own.failed} error={withoutTokenDetails(reset.error)} />
            <Button component={Link} to={paths.forgotPassword}>
              {own.askAgain}
            </Button>
          </>
        )}
        <Button type="submit" variant="contained" size="large" disabled={reset.isPending}>
          {own.submit}
        </Button>
      </Stack>
    </SignedOutLayout>
  );
}
