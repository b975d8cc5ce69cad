import { Button } from '@mui/material';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { Empty } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useOnline } from '@/lib/useOnline';

/** Shown instead of a page that has failed; the navigation stays usable. */
export function PageError({ error }: { error: unknown }) {
  // The server is down, or an upgrade has removed the script that the open page wants to load.
  const isCodeMissing =
    error instanceof TypeError && /dynamically imported module|importing a module/i.test(error.message);
  if (isCodeMissing) return <NotLoaded />;
  return (
    <Empty isPage title={texts.errors.crashed} hint={texts.errors.crashedHint}>
      <ReloadButton />
    </Empty>
  );
}

/** Shown for a page whose code could not be loaded. It is opened when the browser is online again. */
function NotLoaded() {
  const isOnline = useOnline();
  const wasOffline = useRef(false);
  useEffect(() => {
    if (!isOnline) wasOffline.current = true;
    else if (wasOffline.current) window.location.reload();
  }, [isOnline]);
  if (!isOnline) return <Empty isPage title={texts.errors.offlineTitle} hint={texts.errors.offlinePageHint} />;
  return (
    <Empty isPage title={texts.errors.notLoaded} hint={texts.errors.codeNotLoaded}>
      <ReloadButton />
    </Empty>
  );
}

function ReloadButton() {
  return (
    <Button variant="contained" onClick={() => window.location.reload()}>
      {texts.errors.reload}
    </Button>
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
