import { Suspense, lazy } from 'react';
import { createRoot } from 'react-dom/client';
import { paths } from '@/config/paths';
import { direction, language } from '@/config/language';
import { hasSignedIn } from '@/lib/storage';
import { withTexts } from '@/config/translate';
import { Styles } from './Styles';

document.documentElement.lang = language;
document.documentElement.dir = direction;

// Visitors start at the sign-in page. It loads without the code that all other pages share.
const base = import.meta.env.BASE_URL;
const loginPath = base + paths.login.slice(1);
if (window.location.pathname === base && !hasSignedIn()) window.history.replaceState(null, '', loginPath);
const isSignIn = window.location.pathname === loginPath;
const App = lazy(() => withTexts(isSignIn ? import('@/features/session/pages/LoginPage') : import('./App')));

async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root.');
  const plugins = direction === 'rtl' ? (await import('@/theme/rtl')).plugins : undefined;
  createRoot(root).render(
    <Styles plugins={plugins}>
      <Suspense>
        <App />
      </Suspense>
    </Styles>,
  );
}

void start();
