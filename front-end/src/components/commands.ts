/** The actions that the open page offers in the command palette. */

import { useEffect, useSyncExternalStore } from 'react';

export interface Command {
  id: string;
  label: string;
  /** The key that does the same, for display. */
  shortcut?: string;
  run: () => void;
}

const NONE: readonly Command[] = [];
const listeners = new Set<() => void>();
let offered = NONE;

function offer(commands: readonly Command[]): void {
  offered = commands;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Offers commands while the component is mounted. A page has at most one such component. */
export function useCommands(commands: () => readonly Command[]): void {
  useEffect(() => {
    offer(commands());
    return () => offer(NONE);
  });
}

/** The commands of the open page. */
export function useOfferedCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => offered);
}
