/** The signed-in user and business. Credentials are in an HttpOnly cookie, so scripts cannot read them. */

import { queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { call, replaceCredential } from './client';
import { rememberSignedIn } from './storage';
import type { Business, Me, SignUp } from './types';

export interface Session {
  me: Me;
  business: Business;
  /** Whether the user may change stages, templates and variables. */
  canEdit: boolean;
  /** Whether the user may send messages. */
  canSendMessages: boolean;
  signOut: () => Promise<void>;
  switchTo: (businessId: string) => Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

/** The current session. Throws outside of RequireSession. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession must be used inside RequireSession.');
  return session;
}

export const meQuery = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/auth/me', { signal })).body,
    staleTime: 60_000,
  });

/** The permissions of a role. A business key has no role and all permissions. */
export function permissionsOf(me: Pick<Me, 'role'>): Pick<Session, 'canEdit' | 'canSendMessages'> {
  return { canEdit: me.role === null || me.role === 'owner', canSendMessages: me.role !== 'viewer' };
}

/** Exchanges a business key for a cookie. */
export async function signInWithKey(values: {
  userId: string;
  businessId: string;
  businessApiKey: string;
}): Promise<Me> {
  await call('post', '/api/v1/save-config', { body: values });
  return rememberSignIn((await call('get', '/api/v1/auth/me')).body);
}

/** What a person without an account can do on this server. */
export async function readSignInOptions(signal?: AbortSignal) {
  return (await call('get', '/api/v1/auth/options', { signal })).body;
}

export type SignInOptions = Awaited<ReturnType<typeof readSignInOptions>>;

export const signInOptionsQuery = () =>
  queryOptions({
    queryKey: ['signInOptions'],
    queryFn: ({ signal }) => readSignInOptions(signal),
    staleTime: 5 * 60_000,
  });

/** Signs in to the demo business, as its owner. */
export async function openDemo(): Promise<Me> {
  return rememberSignIn((await call('post', '/api/v1/auth/demo')).body);
}

/** Creates an account with its business, and signs in. */
export async function signUp(values: SignUp): Promise<Me> {
  return rememberSignIn((await call('post', '/api/v1/auth/signup', { body: values })).body);
}

export async function signIn(values: {
  email: string;
  password: string;
  code?: string;
  business_id?: string;
}): Promise<Me> {
  return rememberSignIn((await call('post', '/api/v1/auth/login', { body: values })).body);
}

/** What an invitation is for. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: async ({ signal }) =>
      (await call('post', '/api/v1/auth/invitation/details', { body: { token }, signal })).body,
    staleTime: Infinity, // the link works once
    retry: false,
  });

/** Accepts an invitation: sets the first password, or joins a business with a password or as the signed-in user. */
export async function acceptInvitation(values: {
  token: string;
  password?: string;
  new_password?: string;
  code?: string;
}): Promise<Me> {
  return rememberSignIn((await call('post', '/api/v1/auth/invitation', { body: values })).body);
}

/** Refreshes the token of this login, for the same business or another one. */
export async function refreshLogin(businessId?: string): Promise<Me> {
  return replaceCredential(
    async () =>
      (await call('post', '/api/v1/auth/refresh', { body: businessId ? { business_id: businessId } : {} })).body,
  );
}

export async function endSession(): Promise<void> {
  await call('post', '/api/v1/auth/logout');
  rememberSignedIn(false);
}

function rememberSignIn(me: Me): Me {
  rememberSignedIn(true);
  return me;
}
