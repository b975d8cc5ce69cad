/** The actions that the open page offers in the command palette. */

import { type ReactNode, createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';

export interface Command {
  id: string;
  label: string;
  /** The key that does the same, for display. */
  shortcut?: string;
  run: () => void;
}

class Registry {
  private readonly listeners = new Set<() => void>();
  private readonly pages = new Map<symbol, readonly Command[]>();
  private all: readonly Command[] = [];

  set(page: symbol, commands: readonly Command[] | null): void {
    if (commands) this.pages.set(page, commands);
    else this.pages.delete(page);
    this.all = [...this.pages.values()].flat();
    for (const listener of this.listeners) listener();
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly commands = () => this.all;
}

const Context = createContext(new Registry());

export function CommandsProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(() => new Registry());
  return <Context value={registry}>{children}</Context>;
}

/** Offers commands while the component is mounted. */
export function useCommands(commands: () => readonly Command[]): void {
  const registry = useContext(Context);
  const page = useRef(Symbol('page'));
  useEffect(() => {
    const id = page.current;
    registry.set(id, commands());
    return () => registry.set(id, null);
  });
}

/** The commands of the open page. */
export function useOfferedCommands(): readonly Command[] {
  const registry = useContext(Context);
  return useSyncExternalStore(registry.subscribe, registry.commands);
}
