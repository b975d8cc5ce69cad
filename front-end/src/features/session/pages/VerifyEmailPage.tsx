import { Alert, Button, Typography } from '@mui/material';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { accountTexts } from '@/config/texts/account';
import { meQuery } from '@/lib/session';
import { hasSignedIn } from '@/lib/storage';
import { confirmEmail } from '../api/account';
import { withoutTokenDetails } from '../api/errors';
import { SignIn } from '../components/SignIn';
import { SignedOutLayout } from '../components/SignedOutLayout';
import { useLinkToken } from '../components/useLinkToken';

const own = accountTexts.verify;

/** Confirms the address of the signed-in user with a mailed link. The link alone is not enough. */
export default function VerifyEmailPage() {
  const token = useLinkToken();
  const queryClient = useQueryClient();
  const me = useQuery({ ...meQuery(), enabled: hasSignedIn() });
  const confirm = useMutation({ mutationFn: confirmEmail });
  const email = me.data?.user?.email;
  return (
    <SignedOutLayout title={own.title}>
      {!token ? (
        <Alert severity="warning">{accountTexts.reset.noToken}</Alert>
      ) : confirm.isSuccess ? (
        <>
          <Alert severity="success">{own.done}</Alert>
          <Button component={Link} to={paths.start} variant="contained">
            {own.continue}
          </Button>
        </>
      ) : email ? (
        <>
          <Typography sx={{ overflowWrap: 'anywhere' }}>{own.hint({ email })}</Typography>
          {confirm.error && <ErrorNotice title={own.failed} error={withoutTokenDetails(confirm.error)} />}
          <Button variant="contained" size="large" disabled={confirm.isPending} onClick={() => confirm.mutate(token)}>
            {own.submit}
          </Button>
        </>
      ) : me.isLoading ? (
        <Loading />
      ) : (
        <>
          <Typography>{own.signInFirst}</Typography>
          <SignIn onDone={(now) => queryClient.setQueryData(meQuery().queryKey, now)} />
        </>
      )}
    </SignedOutLayout>
  );
}
