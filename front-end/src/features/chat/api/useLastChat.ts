import { useEffect } from 'react';
import type { SetURLSearchParams } from 'react-router';
import { lastChat, rememberChat } from '@/lib/storage';

/** Opens the playground with the customer and conversation of the last visit, unless the address names others.
 * `isUnknown` is whether the customer of the address no longer exists. */
export function useLastChat(
  businessId: string,
  { userId, conversationId, isUnknown }: { userId: string | null; conversationId: string | null; isUnknown: boolean },
  setSearch: SetURLSearchParams,
): void {
  useEffect(() => {
    if (isUnknown) {
      rememberChat(businessId, null);
      setSearch({}, { replace: true });
    } else if (userId) {
      rememberChat(businessId, { customer: userId, ...(conversationId ? { conversation: conversationId } : {}) });
    } else {
      const last = lastChat(businessId);
      if (last) {
        setSearch((now) => new URLSearchParams({ ...Object.fromEntries(now), ...last }), { replace: true });
      }
    }
  }, [businessId, userId, conversationId, isUnknown, setSearch]);
}
