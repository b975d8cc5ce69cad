/** What the pages remember in this browser. A visitor who has never signed in goes to the login page without a request. */

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

const dismissed = new Set<string>(); // also remembers them while storage is disabled

/** Whether the user has dismissed this notice in this browser. */
export function isDismissed(notice: string): boolean {
  try {
    return dismissed.has(notice) || localStorage.getItem(`icmp.dismissed.${notice}`) !== null;
  } catch {
    return dismissed.has(notice);
  }
}

export function rememberDismissed(notice: string): void {
  dismissed.add(notice);
  try {
    localStorage.setItem(`icmp.dismissed.${notice}`, 'yes');
  } catch {
    // Storage is disabled: the notice returns when the page is loaded again.
  }
}
