import { Suspense, lazy } from 'react';
import { createRoot } from 'react-dom/client';
import { paths } from '@/config/paths';
import { hasSignedIn } from '@/lib/storage';
import { Styles } from './Styles';

// Visitors start at the sign-in page. It loads without the code that all other pages share.
const base = import.meta.env.BASE_URL;
const loginPath = base + paths.login.slice(1);
if (window.location.pathname === base && !hasSignedIn()) window.history.replaceState(null, '', loginPath);
const isSignIn = window.location.pathname === loginPath;
const App = lazy(() => (isSignIn ? import('@/features/session/pages/LoginPage') : import('./App')));

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  <Styles>
    <Suspense>
      <App />
    </Suspense>
  </Styles>,
);
