import { Button } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { meQuery, signInOptionsQuery } from '@/lib/session';
import { Introduction } from '../components/Introduction';
import { SignedOutLayout } from '../components/SignedOutLayout';
import { SignIn } from '../components/SignIn';

export default function LoginPage() {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const queryClient = useQueryClient();
  const options = useQuery(signInOptionsQuery());
  const next = search.get('next') ?? paths.start;
  return (
    <SignedOutLayout title={texts.login.title} introduction={<Introduction />}>
      <SignIn
        onDone={(me) => {
          queryClient.clear();
          queryClient.setQueryData(meQuery().queryKey, me);
          // Only follow paths of this application, so that a link cannot redirect to another site.
          void navigate(/^\/(?![/\\])/.test(next) ? next : paths.start, { replace: true });
        }}
      />
      {options.data?.signup === 'open' && (
        <Button component={Link} to={paths.signUp} variant="outlined" size="large">
          {texts.login.createBusiness}
        </Button>
      )}
    </SignedOutLayout>
  );
}
