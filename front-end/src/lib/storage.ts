/** What this browser remembers about its user between visits. Nothing is remembered while storage is disabled. */

const KEY = 'icmp.signedIn';

/** Whether someone has signed in with this browser. Other visitors go to the login page without a request. */
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

export interface ChatPlace {
  customer: string;
  conversation?: string;
}

const chatKey = (businessId: string) => `icmp.chat.${businessId}`;

/** The customer and conversation that were last open in the playground. */
export function lastChat(businessId: string): ChatPlace | null {
  try {
    const place: unknown = JSON.parse(localStorage.getItem(chatKey(businessId)) ?? 'null');
    return typeof place === 'object' && place !== null && 'customer' in place ? (place as ChatPlace) : null;
  } catch {
    return null;
  }
}

export function rememberChat(businessId: string, place: ChatPlace | null): void {
  try {
    if (place) localStorage.setItem(chatKey(businessId), JSON.stringify(place));
    else localStorage.removeItem(chatKey(businessId));
  } catch {
    // Storage is disabled: the playground starts without a customer.
  }
}
