import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { NotifyProvider } from '@/components/notify';
import { ApiError } from '@/lib/errors';
import { theme } from '@/theme/theme';
import { Pages } from './router';

// The content security policy only allows styles with the nonce of the response.
const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce;
const styles = createCache({ key: 'icmp', ...(nonce ? { nonce } : {}) });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // While the browser is offline, requests fail at once and the pages say so, instead of loading without end. They
      // are read again when the connection is back.
      networkMode: 'always',
      refetchOnReconnect: true,
      // Retry only errors that may be temporary: no response, or 503.
      retry: (failures, error) => failures < 1 && (!(error instanceof ApiError) || error.status === 503),
      retryDelay: 1000,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <CacheProvider value={styles}>
      <ThemeProvider theme={theme} defaultMode="system">
        <CssBaseline enableColorScheme />
        <QueryClientProvider client={queries}>
          <NotifyProvider>
            <Pages />
          </NotifyProvider>
        </QueryClientProvider>
      </ThemeProvider>
    </CacheProvider>
  </StrictMode>,
);
