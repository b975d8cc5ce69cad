import { call } from '@/lib/client';

/** Asks for a link with which the owner of the address sets a new password. Succeeds for unknown addresses too. */
export async function requestPasswordReset(email: string): Promise<void> {
  await call('post', '/api/v1/auth/forgot-password', { body: { email, language: navigator.language } });
}

export async function resetPassword(values: { token: string; password: string }): Promise<void> {
  await call('post', '/api/v1/auth/reset-password', { body: values });
}

export async function confirmEmail(token: string): Promise<void> {
  await call('post', '/api/v1/auth/email-verification/confirm', { body: { token } });
}
