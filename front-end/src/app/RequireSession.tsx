import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useCallback, useEffect, useMemo, useState } from 'react';
import { Navigate, Outlet, useLocation, useNavigate } from 'react-router';
import { useNotify } from '@/components/notify';
import { ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { onUnauthorized } from '@/lib/client';
import { ApiError, asApiError } from '@/lib/errors';
import { loadPage } from '@/lib/loadPage';
import { businessQuery } from '@/lib/queries';
import { SessionContext, endSession, meQuery, refreshLogin, permissionsOf } from '@/lib/session';
import { hasSignedIn } from '@/lib/storage';
import { withTexts } from '@/config/translate';
import type { Me } from '@/lib/types';
import { LiveProvider } from '@/lib/useLive';

const ChooseBusiness = lazy(async () => ({
  default: (await withTexts(import('@/features/session/components/ChooseBusiness'))).ChooseBusiness,
}));
const SessionEndedDialog = lazy(() => withTexts(import('@/features/session/components/SessionEndedDialog')));

const MAX_TIMEOUT = 2 ** 31 - 1; // milliseconds, the limit of setTimeout

/** Wraps the pages that need a signed-in user and a business. If the session ends, a dialog asks to sign in again. */
export function RequireSession() {
  const location = useLocation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const notify = useNotify();
  const me = useQuery({ ...meQuery(), enabled: hasSignedIn() });
  const signOut = useCallback(async () => {
    try {
      await endSession();
    } catch (error) {
      return notify(asApiError(error).message);
    }
    loadPage(paths.login);
  }, [notify]);
  const switchTo = useCallback(
    async (businessId: string) => {
      const now = await refreshLogin(businessId);
      queryClient.clear();
      queryClient.setQueryData(meQuery().queryKey, now);
      await navigate(paths.start);
    },
    [queryClient, navigate],
  );
  useTokenRefresh(me.data);
  if (!me.data) {
    if (!me.error && hasSignedIn()) return <Loading />;
    if (!me.error || (me.error instanceof ApiError && [401, 403].includes(me.error.status))) {
      const next = location.pathname + location.search;
      return <Navigate to={next === '/' ? paths.login : `${paths.login}?next=${encodeURIComponent(next)}`} replace />;
    }
    return <ErrorNotice title={texts.errors.title} error={me.error} onRetry={() => void me.refetch()} />;
  }
  if (!me.data.business_id) {
    return <ChooseBusiness me={me.data} onChoose={(id) => void switchTo(id)} onSignOut={() => void signOut()} />;
  }
  return (
    <BusinessSession
      key={me.data.business_id}
      me={me.data}
      businessId={me.data.business_id}
      signOut={signOut}
      switchTo={switchTo}
    />
  );
}

interface Props {
  me: Me;
  businessId: string;
  signOut: () => Promise<void>;
  switchTo: (businessId: string) => Promise<void>;
}

function BusinessSession({ me, businessId, signOut, switchTo }: Props) {
  const queryClient = useQueryClient();
  const notify = useNotify();
  const business = useQuery(businessQuery(businessId));
  const [ended, setEnded] = useState(false);
  useEffect(() => onUnauthorized(() => setEnded(true)), []);
  const row = business.data?.body;
  const session = useMemo(
    () => (row ? { me, business: row, ...permissionsOf(me), signOut, switchTo } : null),
    [me, row, signOut, switchTo],
  );
  const onSignedIn = (now: Me) => {
    setEnded(false);
    if (now.business_id !== businessId) {
      notify(texts.login.otherBusiness);
      queryClient.clear();
    }
    queryClient.setQueryData(meQuery().queryKey, now);
    void queryClient.invalidateQueries();
  };
  if (!session) {
    if (!business.error) return <Loading />;
    return <ErrorNotice title={texts.errors.title} error={business.error} onRetry={() => void business.refetch()} />;
  }
  return (
    <SessionContext value={session}>
      <LiveProvider>
        <Outlet />
      </LiveProvider>
      {ended && (
        <Suspense>
          <SessionEndedDialog me={me} businessId={businessId} onDone={onSignedIn} />
        </Suspense>
      )}
    </SessionContext>
  );
}

/** Refreshes the login's token one minute before it expires, while a page is open. */
function useTokenRefresh(me: Me | undefined): void {
  const queryClient = useQueryClient();
  const expiresAt = me?.kind === 'login' ? me.expires_at : null;
  useEffect(() => {
    if (!expiresAt) return;
    const wait = Math.max(5_000, Date.parse(expiresAt) - Date.now() - 60_000);
    const timer = setTimeout(
      () => {
        refreshLogin().then(
          (now) => queryClient.setQueryData(meQuery().queryKey, now),
          () => undefined, // the next request will report that the session has ended
        );
      },
      Math.min(wait, MAX_TIMEOUT),
    );
    return () => clearTimeout(timer);
  }, [expiresAt, queryClient]);
}
