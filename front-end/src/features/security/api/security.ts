import { queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { TotpSetup } from '@/lib/types';

export const securityQuery = () =>
  queryOptions({
    queryKey: ['security'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/auth/security', { signal })).body,
  });

export async function requestVerification(): Promise<void> {
  await call('post', '/api/v1/auth/email-verification', { body: { language: navigator.language } });
}

export async function changePassword(values: { current_password: string; new_password: string }): Promise<void> {
  await call('post', '/api/v1/auth/password', { body: values });
}

/** The secret for an authenticator app. It is asked for after `confirmTotp`. */
export async function setUpTotp(password: string): Promise<TotpSetup> {
  return (await call('post', '/api/v1/auth/totp', { body: { password } })).body;
}

/** Turns two-step sign-in on, and returns the recovery codes. */
export async function confirmTotp(code: string): Promise<string[]> {
  return (await call('post', '/api/v1/auth/totp/confirm', { body: { code } })).body.recovery_codes;
}

export async function replaceRecoveryCodes(values: { password: string; code: string }): Promise<string[]> {
  return (await call('post', '/api/v1/auth/totp/recovery-codes', { body: values })).body.recovery_codes;
}

export async function removeTotp(values: { password: string; code: string }): Promise<void> {
  await call('post', '/api/v1/auth/totp/remove', { body: values });
}
