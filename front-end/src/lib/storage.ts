/** Remembers in this browser that someone has signed in, so that the login page does not ask the server needlessly. */

const NAME = 'icmp.signedIn';

export function hasSignedIn(): boolean {
  try {
    return localStorage.getItem(NAME) !== null;
  } catch {
    return true; // storage is disabled: ask the server
  }
}

export function rememberSignedIn(isSignedIn: boolean): void {
  try {
    if (isSignedIn) localStorage.setItem(NAME, 'yes');
    else localStorage.removeItem(NAME);
  } catch {
    // Storage is disabled: the server is asked each time.
  }
}
