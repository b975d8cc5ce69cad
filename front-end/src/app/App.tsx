import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { NotifyProvider } from '@/components/notify';
import { ApiError } from '@/lib/errors';
import { Pages } from './router';

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

/** All pages except the sign-in page. */
export default function App() {
  return (
    <QueryClientProvider client={queries}>
      <NotifyProvider>
        <Pages />
      </NotifyProvider>
    </QueryClientProvider>
  );
}
