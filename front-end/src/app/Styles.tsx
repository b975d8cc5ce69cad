import createCache, { type StylisPlugin } from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { type ReactNode, StrictMode, useState } from 'react';
import { theme } from '@/theme/theme';

// The content security policy only allows styles with the nonce of the response.
const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce;

/** The theme, for all pages. `plugins` replace those that process the styles by default. */
export function Styles({ plugins, children }: { plugins: StylisPlugin[] | undefined; children: ReactNode }) {
  const [styles] = useState(() =>
    createCache({ key: 'icmp', ...(nonce ? { nonce } : {}), ...(plugins ? { stylisPlugins: plugins } : {}) }),
  );
  return (
    <StrictMode>
      <CacheProvider value={styles}>
        <ThemeProvider theme={theme} defaultMode="system">
          <CssBaseline enableColorScheme />
          {children}
        </ThemeProvider>
      </CacheProvider>
    </StrictMode>
  );
}
