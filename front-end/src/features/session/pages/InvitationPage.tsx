import { Alert, Button, Stack, Typography } from '@mui/material';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useForm } from '@/lib/form';
import { Link } from 'react-router';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { NewPasswordField } from '@/components/NewPasswordField';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { loadPage } from '@/lib/loadPage';
import { acceptInvitation, invitationQuery, meQuery } from '@/lib/session';
import { hasSignedIn } from '@/lib/storage';
import { isCodeRequired, withoutTokenDetails } from '../api/errors';
import { SignedOutLayout } from '../components/SignedOutLayout';

/**
 * Accepts an invitation: sets the first password (`#token=`) or joins a business (`#join=`).
 *
 * The token is in the URL fragment so that no server logs it, and it is removed from the address bar at once.
 */
export default function InvitationPage() {
  const [{ token, isJoining }] = useState(() => {
    const secrets = new URLSearchParams(window.location.hash.slice(1));
    return { token: secrets.get('token') ?? secrets.get('join'), isJoining: secrets.has('join') };
  });
  const signedIn = useQuery({ ...meQuery(), enabled: isJoining && hasSignedIn() });
  const email = signedIn.data?.user?.email;
  const { control, handleSubmit } = useForm({ defaultValues: { password: '', again: '', newPassword: '', code: '' } });
  const [asksNewPassword, setAsksNewPassword] = useState(false);
  const [asksCode, setAsksCode] = useState(false);
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  const accept = useMutation({
    mutationFn: acceptInvitation,
    onSuccess: () => loadPage(paths.start),
    onError: (error) => {
      if (isMissingNewPassword(error)) setAsksNewPassword(true);
      if (isCodeRequired(error)) setAsksCode(true);
    },
  });
  // Not after the link was used: it has no details any more.
  const isUsed = accept.isPending || accept.isSuccess;
  const details = useQuery({ ...invitationQuery(token ?? ''), enabled: token !== null && !isUsed });
  if (!token) {
    return (
      <SignedOutLayout title={texts.invitation.title}>
        <Alert severity="warning">{texts.invitation.noToken}</Alert>
        <Button component={Link} to={paths.login}>
          {texts.login.title}
        </Button>
      </SignedOutLayout>
    );
  }
  const business = details.data?.business_name;
  const title = business
    ? texts.invitation.joinBusiness({ business })
    : isJoining
      ? texts.invitation.joinTitle
      : texts.invitation.title;
  const submit = handleSubmit(({ password, newPassword, code }) =>
    accept.mutate({
      token,
      password,
      ...(asksNewPassword ? { new_password: newPassword } : {}),
      ...(asksCode ? { code: code.trim() } : {}),
    }),
  );
  return (
    <SignedOutLayout title={title}>
      {details.error && <ErrorNotice title={texts.invitation.failed} error={withoutTokenDetails(details.error)} />}
      {details.data?.role && business && (
        <Typography sx={{ overflowWrap: 'anywhere' }}>
          {invitedBy(details.data.invited_by, business, texts.nav.roles[details.data.role])}
        </Typography>
      )}
      {email && (
        <Button
          variant="outlined"
          size="large"
          disabled={accept.isPending}
          onClick={() => accept.mutate({ token })}
          sx={{ mb: 2 }}
        >
          {texts.invitation.joinAs({ email })}
        </Button>
      )}
      <Stack component="form" noValidate spacing={2} onSubmit={(event) => void submit(event)}>
        <Typography variant="body2" color="textSecondary">
          {hintFor(details.data?.email ?? null, isJoining)}
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
        {asksNewPassword && (
          <>
            <Alert severity="info">{texts.invitation.newPasswordHint}</Alert>
            <NewPasswordField control={control} name="newPassword" label={texts.invitation.newPassword} />
          </>
        )}
        {asksCode && (
          <FormTextField
            control={control}
            name="code"
            label={texts.login.code}
            autoFocus
            autoComplete="one-time-code"
            helperText={texts.login.codeHint}
            validate={notBlank(texts.login.missing)}
          />
        )}
        {accept.error && !isMissingNewPassword(accept.error) && (
          <ErrorNotice title={texts.invitation.failed} error={withoutTokenDetails(accept.error)} />
        )}
        <Button type="submit" variant="contained" size="large" disabled={accept.isPending}>
          {isJoining ? texts.invitation.join : texts.invitation.submit}
        </Button>
      </Stack>
    </SignedOutLayout>
  );
}

function isMissingNewPassword(error: Error): boolean {
  return error instanceof ApiError && error.details.some((each) => each.path === '$.new_password');
}

function invitedBy(inviter: string | null, business: string, role: string): string {
  return inviter
    ? texts.invitation.invitedBy({ inviter, business, role })
    : texts.invitation.invited({ business, role });
}

function hintFor(email: string | null, isJoining: boolean): string {
  const { hint, hintFor: hintForAddress, joinHint, joinHintFor } = texts.invitation;
  if (isJoining) return email ? joinHintFor({ email }) : joinHint;
  return email ? hintForAddress({ email }) : hint;
}
