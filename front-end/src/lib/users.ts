import type { User } from './types';

// In channels, the external ID is the ID of the channel, followed by the provider's ID of the customer.
const CHANNEL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:/;

/** The user's name, or else the external ID, email or short ID. */
export function displayName(
  user: Pick<User, 'first_name' | 'last_name' | 'email' | 'user_id'> & Partial<Pick<User, 'external_id'>>,
): string {
  const name = [user.first_name, user.last_name].filter((part) => part?.trim()).join(' ');
  return name || user.external_id?.replace(CHANNEL_ID, '') || user.email || user.user_id.slice(-8);
}
