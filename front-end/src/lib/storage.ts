/** The one thing that the browser keeps: that somebody signed in here. Without it nobody is asked for at the door. */

const NAME = 'icmp.signedIn';

export function hasSignedIn(): boolean {
  try {
    return localStorage.getItem(NAME) !== null;
  } catch {
    return true; // storage is switched off: ask the server
  }
}

export function rememberSignedIn(isSignedIn: boolean): void {
  try {
    if (isSignedIn) localStorage.setItem(NAME, 'yes');
    else localStorage.removeItem(NAME);
  } catch {
    // Then the server is asked each time.
  }
}
