import { Button } from '@mui/material';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { addressOf, loadPage } from '@/lib/loadPage';
import { DemoLink, Introduction } from '../components/Introduction';
import { SignIn } from '../components/SignIn';
import { SignedOutLayout } from '../components/SignedOutLayout';
import { useSignInOptions } from '../components/useSignInOptions';

/**
 * The sign-in page. Visitors load it first, so it uses neither the router nor the libraries for forms and requests, and a
 * test limits its code. Links, and the end of the sign-in, load the other pages.
 */
export default function LoginPage() {
  const options = useSignInOptions();
  return (
    <SignedOutLayout title={texts.login.title} introduction={<Introduction />} demo={<DemoLink options={options} />}>
      <SignIn
        onDone={() => {
          const next = new URLSearchParams(window.location.search).get('next') ?? paths.start;
          // Only follow paths of this application, so that a link cannot redirect to another site.
          loadPage(/^\/(?![/\\])/.test(next) ? next : paths.start);
        }}
      />
      {options?.signup === 'open' && (
        <Button href={addressOf(paths.signUp)} variant="outlined" size="large">
          {texts.login.createBusiness}
        </Button>
      )}
    </SignedOutLayout>
  );
}
