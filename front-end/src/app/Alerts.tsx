import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { playSound } from '@/components/sound';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { call } from '@/lib/client';
import { usePreference } from '@/lib/preferences';
import { useSession } from '@/lib/session';
import type { Conversation } from '@/lib/types';

const LAST_ALERT = 'icmp.lastAlert';

const waitingQuery = () =>
  queryOptions({
    queryKey: ['conversations', 'alerts'],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/conversations', {
          query: { waiting: true, sort: 'latest', is_test: false, limit: 20 },
          signal,
        })
      ).body,
  });

/** Plays a sound and shows a browser notification when a customer writes in one of the user's conversations or an
 * unassigned one and waits for a person, if the user has switched these on. */
export function Alerts() {
  const [sound] = usePreference('alertSound');
  const [notifications] = usePreference('alertNotifications');
  const { me } = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const isOn = sound || notifications;
  const waiting = useQuery({ ...waitingQuery(), enabled: isOn }).data;
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (!isOn) known.current = null;
    if (!isOn || !waiting) return;
    const mine = waiting.filter((each) => each.assignee_id === null || each.assignee_id === me.user?.user_id);
    const before = known.current;
    const added = before ? mine.filter((each) => !before.has(keyOf(each))) : [];
    known.current = new Set(mine.map(keyOf));
    const first = added[0];
    const isOpen =
      document.visibilityState === 'visible' && pathname === paths.inboxConversation(first?.conversation_id ?? '');
    if (!first || isOpen || !isFirstTab(keyOf(first))) return;
    if (sound) playSound();
    if (notifications) {
      showNotification(first, () => void navigate(paths.inboxConversation(first.conversation_id)));
    }
  }, [waiting, isOn, sound, notifications, me, navigate, pathname]);
  return null;
}

function keyOf(row: Conversation): string {
  return `${row.conversation_id} ${row.last_message?.seq ?? 0}`;
}

/** Whether no other tab has alerted the user to the same message. */
function isFirstTab(key: string): boolean {
  try {
    if (localStorage.getItem(LAST_ALERT) === key) return false;
    localStorage.setItem(LAST_ALERT, key);
  } catch {
    // Storage is disabled: each tab alerts.
  }
  return true;
}

function showNotification(row: Conversation, onClick: () => void): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  try {
    const notification = new Notification(row.customer_name ?? texts.inbox.unnamedCustomer, {
      body: row.last_message?.text ?? '',
      tag: row.conversation_id,
    });
    notification.addEventListener('click', () => {
      window.focus();
      onClick();
      notification.close();
    });
  } catch {
    // Browsers of phones only allow notifications of service workers.
  }
}
