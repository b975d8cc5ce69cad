import { Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { loadPage } from '@/lib/loadPage';
import { openDemo } from '@/lib/session';
import { SignedOutLayout } from '../components/SignedOutLayout';

/** Signs in to the demo business. `make run` prints the link to this page. */
export default function DemoPage() {
  // A query, because it signs in once even if the page is rendered twice.
  const login = useQuery({ queryKey: ['demo'], queryFn: openDemo, staleTime: Infinity, gcTime: 0, retry: false });
  useEffect(() => {
    if (login.data) loadPage(paths.start);
  }, [login.data]);
  return (
    <SignedOutLayout title={texts.introduction.openDemo}>
      {login.error ? (
        <>
          <ErrorNotice title={texts.introduction.demoFailed} error={login.error} onRetry={() => void login.refetch()} />
          <Button component={Link} to={paths.login}>
            {texts.login.title}
          </Button>
        </>
      ) : (
        <Loading />
      )}
    </SignedOutLayout>
  );
}
