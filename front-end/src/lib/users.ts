import type { User } from './types';

/** The user's name, or else the external ID, email or short ID. */
export function displayName(
  user: Pick<User, 'first_name' | 'last_name' | 'email' | 'user_id'> & Partial<Pick<User, 'external_id'>>,
): string {
  const name = [user.first_name, user.last_name].filter((part) => part?.trim()).join(' ');
  return name || user.external_id || user.email || user.user_id.slice(-8);
}
