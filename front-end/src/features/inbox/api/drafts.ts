/** Texts that have not been sent, per user and conversation, in this browser. */

import { useCallback, useSyncExternalStore } from 'react';
import { randomId } from '@/lib/ids';
import { useSession } from '@/lib/session';

export interface Draft {
  reply?: string;
  note?: string;
  /** What was sent last, until the server has confirmed it. */
  sending?: Sending | undefined;
}

interface Sending {
  text: string;
  isNote: boolean;
  idempotencyKey: string;
}

type Drafts = Readonly<Record<string, Draft>>;

const MAX_DRAFTS = 200; // the oldest ones are dropped
const listeners = new Set<() => void>();
const loaded = new Map<string, Drafts>();

function read(key: string): Drafts {
  const known = loaded.get(key);
  if (known) return known;
  let drafts: Drafts = {};
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    if (typeof stored === 'object' && stored !== null) drafts = stored as Drafts;
  } catch {
    // Storage is disabled, or contains something else.
  }
  loaded.set(key, drafts);
  return drafts;
}

function write(key: string, conversationId: string, draft: Draft): void {
  const { [conversationId]: _, ...others } = read(key);
  const drafts = draft.reply || draft.note ? { ...others, [conversationId]: draft } : others;
  const kept = Object.fromEntries(Object.entries(drafts).slice(-MAX_DRAFTS));
  loaded.set(key, kept);
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Storage is disabled or full: the draft lives as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key) loaded.delete(event.key);
    listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

/** All drafts of the signed-in user by conversation. */
export function useDrafts(): Drafts {
  const key = useKey();
  return useSyncExternalStore(subscribe, () => read(key));
}

/** The draft of one conversation, and a function that changes it. */
export function useDraft(conversationId: string): [Draft, (changes: Draft) => void] {
  const key = useKey();
  const draft = useDrafts()[conversationId] ?? NO_DRAFT;
  const change = useCallback(
    (changes: Draft) => write(key, conversationId, { ...read(key)[conversationId], ...changes }),
    [key, conversationId],
  );
  return [draft, change];
}

const NO_DRAFT: Draft = {};

/** The text as it is to be sent. Sending the same text again, also after a reload, uses the same idempotency key: the
 * server may have stored it although the response was lost. */
export function sendingOf(draft: Draft, text: string, isNote: boolean): Sending {
  const last = draft.sending;
  return last?.text === text && last.isNote === isNote ? last : { text, isNote, idempotencyKey: randomId() };
}

function useKey(): string {
  const { me, business } = useSession();
  return `icmp.drafts.${business.business_id}.${me.user?.user_id ?? 'key'}`;
}
