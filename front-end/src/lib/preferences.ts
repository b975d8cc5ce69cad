/** Settings of the pages that are stored in this browser. */

import { useCallback, useSyncExternalStore } from 'react';

const DEFAULTS = {
  /** Play a sound when a customer waits. */
  alertSound: false,
  /** Show a browser notification when a customer waits. */
  alertNotifications: false,
  /** Shortcuts that are a single key, such as `j`. */
  singleKeyShortcuts: true,
  /** Do not say on the pages that no model is connected. */
  rulesModeHidden: false,
};

type Name = keyof typeof DEFAULTS;

const listeners = new Set<() => void>();
const set = new Map<Name, boolean>(); // also remembers them while storage is disabled

function preference(name: Name): boolean {
  const known = set.get(name);
  if (known !== undefined) return known;
  try {
    const stored = localStorage.getItem(`icmp.${name}`);
    return stored === null ? DEFAULTS[name] : stored === 'yes';
  } catch {
    return DEFAULTS[name];
  }
}

function setPreference(name: Name, value: boolean): void {
  set.set(name, value);
  try {
    localStorage.setItem(`icmp.${name}`, value ? 'yes' : 'no');
  } catch {
    // Storage is disabled: the choice lives as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const onStorage = () => {
    set.clear(); // another tab has changed one
    listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

/** A setting and a function that changes it. */
export function usePreference(name: Name): [boolean, (value: boolean) => void] {
  const value = useSyncExternalStore(subscribe, () => preference(name));
  return [value, useCallback((next: boolean) => setPreference(name, next), [name])];
}
