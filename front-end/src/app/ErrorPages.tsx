import { Button } from '@mui/material';
import { Link, isRouteErrorResponse, useRouteError } from 'react-router';
import { Empty } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';

/** The error boundary of the pages; the navigation stays usable. */
export function PageError() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  // The server is down, or an upgrade has removed the script that the open page wants to load.
  const isCodeMissing =
    error instanceof TypeError && /dynamically imported module|importing a module/i.test(error.message);
  return (
    <Empty
      isPage
      title={texts.errors.crashed}
      hint={isCodeMissing ? texts.errors.codeNotLoaded : texts.errors.crashedHint}
    >
      <Button variant="contained" onClick={() => window.location.reload()}>
        {texts.errors.reload}
      </Button>
    </Empty>
  );
}

export function NotFound() {
  return (
    <Empty isPage title={texts.errors.notFound} hint={texts.errors.notFoundHint}>
      <Button variant="contained" component={Link} to={paths.start}>
        {texts.errors.toStart}
      </Button>
    </Empty>
  );
}
