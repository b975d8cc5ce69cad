import { useEffect, useState } from 'react';
import { type SignInOptions, readSignInOptions } from '@/lib/session';

/** What the sign-in page offers; null until it is known. Without react-query, which the page does not load. */
export function useSignInOptions(): SignInOptions | null {
  const [options, setOptions] = useState<SignInOptions | null>(null);
  useEffect(() => {
    let isGone = false;
    readSignInOptions().then(
      (now) => {
        if (!isGone) setOptions(now);
      },
      () => undefined, // signing in works without them
    );
    return () => {
      isGone = true;
    };
  }, []);
  return options;
}
