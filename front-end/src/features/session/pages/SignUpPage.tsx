import { Alert, Button, Link, Stack, Typography } from '@mui/material';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useForm } from '@/lib/form';
import { Link as RouterLink } from 'react-router';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { NewPasswordField } from '@/components/NewPasswordField';
import { ErrorNotice, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { accountTexts } from '@/config/texts/account';
import { ApiError } from '@/lib/errors';
import { loadPage } from '@/lib/loadPage';
import { signInOptionsQuery, signUp } from '@/lib/session';
import { SignedOutLayout } from '../components/SignedOutLayout';
import { useLinkToken } from '../components/useLinkToken';

const own = accountTexts.signUp;

/** Creates an account with its business, if the server allows it or the page was opened with an operator's link. */
export default function SignUpPage() {
  const token = useLinkToken('invitation');
  const options = useQuery(signInOptionsQuery());
  return (
    <SignedOutLayout title={own.title}>
      <QueryView query={options}>
        {({ signup }) =>
          signup === 'open' || (signup === 'invited' && token) ? (
            <SignUpForm token={token} />
          ) : (
            <Alert severity="info">{signup === 'closed' ? own.closed : own.invited}</Alert>
          )
        }
      </QueryView>
      <Link component={RouterLink} to={paths.login} variant="body2" sx={{ alignSelf: 'center' }}>
        {own.haveAccount}
      </Link>
    </SignedOutLayout>
  );
}

function SignUpForm({ token }: { token: string | null }) {
  const { control, handleSubmit } = useForm({ defaultValues: { businessName: '', email: '', password: '' } });
  const create = useMutation({ mutationFn: signUp, onSuccess: () => loadPage(paths.welcome) });
  const submit = handleSubmit(({ businessName, email, password }) =>
    create.mutate({
      business_name: businessName.trim(),
      email: email.trim(),
      password,
      language: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(token ? { invitation: token } : {}),
    }),
  );
  return (
    <Stack component="form" noValidate spacing={2} onSubmit={(event) => void submit(event)}>
      <Typography variant="body2" color="textSecondary">
        {own.hint}
      </Typography>
      <FormTextField
        control={control}
        name="businessName"
        label={own.businessName}
        autoFocus
        autoComplete="organization"
        validate={notBlank(texts.login.missing)}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
      <FormTextField
        control={control}
        name="email"
        label={own.email}
        type="email"
        autoComplete="username"
        validate={notBlank(texts.login.missing)}
      />
      <NewPasswordField control={control} name="password" />
      {create.error && <ErrorNotice title={own.failed} error={withHint(create.error)} />}
      <Button type="submit" variant="contained" size="large" disabled={create.isPending}>
        {create.isPending ? own.submitting : own.submit}
      </Button>
    </Stack>
  );
}

/** An address or name that is taken: what to do is written for people, not for API clients. */
function withHint(error: Error): Error {
  if (!(error instanceof ApiError) || error.status !== 409) return error;
  return new ApiError(error.status, error.code, error.message, { remediation: own.takenHint });
}
