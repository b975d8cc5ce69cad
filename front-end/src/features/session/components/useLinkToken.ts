import { useEffect, useState } from 'react';

/**
 * The token in the fragment of the URL, such as `#token=…`. It is in the fragment so that no server logs it, and it is
 * removed from the address bar at once.
 */
export function useLinkToken(name = 'token'): string | null {
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get(name));
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  return token;
}
