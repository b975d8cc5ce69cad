import { Alert, Button, Stack, TextField, Typography } from '@mui/material';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { acceptInvitation, meQuery } from '@/lib/session';
import { hasSignedIn } from '@/lib/storage';
import { Doorway } from '../components/Doorway';

const LEAST = 10; // characters, as the API's

/** The form has no field for the secret, so what is wrong with it is said without naming one. */
function withoutFields(error: Error): Error {
  if (!(error instanceof ApiError) || !error.details.some((each) => each.path.endsWith('token'))) return error;
  return new ApiError(error.status, error.code, error.message, { remediation: error.remediation });
}

/** Where an invitation's link leads: its secret stands behind the `#`, so no server's log has it, and leaves the address
 * at once. It sets a password (`#token=`), or lets somebody join a business (`#join=`), who may be signed in already. */
export default function InvitationPage() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [{ token, joins }] = useState(() => {
    const secrets = new URLSearchParams(window.location.hash.slice(1));
    return { token: secrets.get('token') ?? secrets.get('join'), joins: secrets.has('join') };
  });
  const signedIn = useQuery({ ...meQuery(), enabled: joins && hasSignedIn() });
  const email = signedIn.data?.user?.email;
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [checked, setChecked] = useState(false);
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  const accept = useMutation({
    mutationFn: acceptInvitation,
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(meQuery().queryKey, me);
      void navigate(paths.start, { replace: true });
    },
  });
  if (!token) {
    return (
      <Doorway title={texts.invitation.title}>
        <Alert severity="warning">{texts.invitation.noToken}</Alert>
        <Button component={Link} to={paths.login}>
          {texts.login.title}
        </Button>
      </Doorway>
    );
  }
  const isShort = password.trim().length < LEAST;
  const title = joins ? texts.invitation.joinTitle : texts.invitation.title;
  const differs = password !== again;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isShort && !differs) accept.mutate({ token, password });
  };
  return (
    <Doorway title={title}>
      {email && (
        <Button
          variant="outlined"
          size="large"
          disabled={accept.isPending}
          onClick={() => accept.mutate({ token })}
          sx={{ mb: 2 }}
        >
          {texts.invitation.joinAs(email)}
        </Button>
      )}
      <Stack component="form" noValidate spacing={2} onSubmit={submit}>
        <Typography variant="body2" color="textSecondary">
          {joins ? texts.invitation.joinHint : texts.invitation.hint}
        </Typography>
        <TextField
          label={texts.login.password}
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={checked && isShort}
          helperText={texts.invitation.least(LEAST)}
        />
        <TextField
          label={texts.invitation.again}
          type="password"
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.target.value)}
          error={checked && differs}
          helperText={checked && differs ? texts.invitation.differs : null}
        />
        {accept.error && <ErrorNotice error={withoutFields(accept.error)} />}
        <Button type="submit" variant="contained" size="large" disabled={accept.isPending}>
          {joins ? texts.invitation.joinPassword : texts.invitation.submit}
        </Button>
      </Stack>
    </Doorway>
  );
}
