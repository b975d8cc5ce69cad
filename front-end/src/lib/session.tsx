/** Who is signed in, and for which business. The cookie that proves it is HttpOnly: no script of ours ever sees a key,
 * and none is kept in the browser's storage. */

import { queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { call } from './client';
import { rememberSignedIn } from './storage';
import type { Business, Me } from './types';

export interface Session {
  me: Me;
  business: Business;
  /** Whether this person may change the business's design, and write to its customers. */
  canEdit: boolean;
  canTalk: boolean;
  signOut: () => Promise<void>;
  switchTo: (businessId: string) => Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

/** The session; only under the signed-in part of the pages. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('No session here.');
  return session;
}

export const meQuery = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/auth/me', { signal })).body,
    staleTime: 60_000,
  });

/** A business's key has all rights in it, and no role. */
export function permissionsOf(me: Pick<Me, 'role'>): Pick<Session, 'canEdit' | 'canTalk'> {
  return { canEdit: me.role === null || me.role === 'owner', canTalk: me.role !== 'viewer' };
}

/** Exchange a business's key for a cookie. */
export async function signInWithKey(values: {
  userId: string;
  businessId: string;
  businessApiKey: string;
}): Promise<Me> {
  await call('post', '/api/v1/save-config', { body: values });
  return entered((await call('get', '/api/v1/auth/me')).body);
}

export async function signIn(values: { email: string; password: string; business_id?: string }): Promise<Me> {
  return entered((await call('post', '/api/v1/auth/login', { body: values })).body);
}

/** Follow an invitation's link: set the first password, or join a business by a password or as who is signed in. */
export async function acceptInvitation(values: { token: string; password?: string }): Promise<Me> {
  return entered((await call('post', '/api/v1/auth/invitation', { body: values })).body);
}

/** The next token of this login, for the same business or another one. */
export async function refresh(businessId?: string): Promise<Me> {
  return (await call('post', '/api/v1/auth/refresh', { body: businessId ? { business_id: businessId } : {} })).body;
}

export async function endSession(): Promise<void> {
  await call('post', '/api/v1/auth/logout');
  rememberSignedIn(false);
}

function entered(me: Me): Me {
  rememberSignedIn(true);
  return me;
}
