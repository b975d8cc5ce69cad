import type { User } from './types';

/** What to call a person: a name, else whatever else they are known by. */
export function displayName(
  user: Pick<User, 'first_name' | 'last_name' | 'external_id' | 'email' | 'user_id'>,
): string {
  const name = [user.first_name, user.last_name].filter((part) => part?.trim()).join(' ');
  return name || user.external_id || user.email || user.user_id.slice(0, 8);
}
