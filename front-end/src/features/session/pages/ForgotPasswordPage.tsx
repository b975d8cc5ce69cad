import { Alert, Button, Link, Stack, Typography } from '@mui/material';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useForm } from '@/lib/form';
import { Link as RouterLink } from 'react-router';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { ErrorNotice, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { accountTexts } from '@/config/texts/account';
import { signInOptionsQuery } from '@/lib/session';
import { requestPasswordReset } from '../api/account';
import { SignedOutLayout } from '../components/SignedOutLayout';

const own = accountTexts.forgot;

/** Asks for a link with which the user chooses a new password. The page never shows the link. */
export default function ForgotPasswordPage() {
  const options = useQuery(signInOptionsQuery());
  return (
    <SignedOutLayout title={own.title}>
      <QueryView query={options}>
        {({ mail }) => (mail ? <ForgotPasswordForm /> : <Alert severity="info">{own.noMail}</Alert>)}
      </QueryView>
      <Link component={RouterLink} to={paths.login} variant="body2" sx={{ alignSelf: 'center' }}>
        {own.back}
      </Link>
    </SignedOutLayout>
  );
}

function ForgotPasswordForm() {
  const { control, handleSubmit } = useForm({ defaultValues: { email: '' } });
  const request = useMutation({ mutationFn: requestPasswordReset });
  if (request.isSuccess) return <Alert severity="success">{own.sent({ email: request.variables })}</Alert>;
  const submit = handleSubmit(({ email }) => request.mutate(email.trim()));
  return (
    <Stack component="form" noValidate spacing={2} onSubmit={(event) => void submit(event)}>
      <Typography variant="body2" color="textSecondary">
        {own.hint}
      </Typography>
      <FormTextField
        control={control}
        name="email"
        label={texts.login.email}
        type="email"
        autoFocus
        autoComplete="username"
        validate={notBlank(texts.login.missing)}
      />
      {request.error && <ErrorNotice title={own.failed} error={request.error} />}
      <Button type="submit" variant="contained" size="large" disabled={request.isPending}>
        {own.submit}
      </Button>
    </Stack>
  );
}
