/** Remembers that someone has signed in with this browser. Other visitors go to the login page without a request. */

const KEY = 'icmp.signedIn';

export function hasSignedIn(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return true; // storage is disabled: ask the server
  }
}

export function rememberSignedIn(isSignedIn: boolean): void {
  try {
    if (isSignedIn) localStorage.setItem(KEY, 'yes');
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is disabled: the server is asked each time.
  }
}
