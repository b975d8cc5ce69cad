/**
 * The browser's history as React Router needs it, with guards that can keep the user on a page with unsaved changes.
 *
 * React Router itself offers guards only together with its loaders and actions. The pages do not use these, and the
 * code for them would be a tenth of what each page loads.
 */

import { type Location, NavigationType, type Navigator, type To, createPath, parsePath } from 'react-router';

/** Returns whether the user must confirm before the page changes. */
export type Guard = (current: Location, next: Location) => boolean;

export interface Entry {
  location: Location;
  action: NavigationType;
}

/** What the browser stores with each entry of its history. */
interface State {
  usr: unknown;
  key: string;
  /** The position in the tab's history. */
  idx: number;
}

class BrowserHistory implements Navigator {
  entry: Entry = { location: currentLocation(), action: NavigationType.Pop };
  /** The navigation that a guard has stopped, and the function that continues it. */
  stopped: { by: Guard; proceed: () => void } | null = null;
  private index = storedState().idx ?? 0;
  private isReturning = false; // to the page that a guard has kept
  private isLeaving = false; // although a guard has stopped it, because the user has confirmed
  private readonly guards = new Set<Guard>();
  private readonly listeners = new Set<() => void>();

  constructor() {
    if (storedState().idx === undefined) window.history.replaceState({ ...storedState(), idx: 0 }, '');
    window.addEventListener('popstate', () => this.onPop());
  }

  // Functions rather than methods, because React Router calls them without the object.
  readonly createHref = (to: To) => (typeof to === 'string' ? to : createPath(to));
  readonly go = (delta: number) => window.history.go(delta);
  readonly push = (to: To, state?: unknown) => this.change(NavigationType.Push, to, state);
  readonly replace = (to: To, state?: unknown) => this.change(NavigationType.Replace, to, state);

  /** Calls the listener after each change. Returns a function that removes it. */
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Adds a guard. Returns a function that removes it. */
  guard(guard: Guard): () => void {
    this.guards.add(guard);
    return () => this.guards.delete(guard);
  }

  /** Ends the stopped navigation: leaves the page or stays on it. */
  settle(leaves: boolean): void {
    const { stopped } = this;
    this.stopped = null;
    this.notify();
    if (leaves) stopped?.proceed();
  }

  private change(action: NavigationType.Push | NavigationType.Replace, to: To, usr: unknown): void {
    const path = typeof to === 'string' ? parsePath(to) : to;
    const location: Location = {
      pathname: window.location.pathname,
      search: '',
      hash: '',
      ...path,
      state: usr ?? null,
      key: Math.random().toString(36).slice(2, 10),
    };
    const apply = () => {
      if (action === NavigationType.Push) this.index += 1;
      const state: State = { usr, key: location.key, idx: this.index };
      if (action === NavigationType.Push) window.history.pushState(state, '', createPath(location));
      else window.history.replaceState(state, '', createPath(location));
      this.show({ location, action });
    };
    const guard = this.guardAgainst(location);
    if (guard) this.stop(guard, apply);
    else apply();
  }

  /** The browser has moved in its history, and already shows the new address. */
  private onPop(): void {
    if (this.isReturning) {
      this.isReturning = false;
      return;
    }
    const location = currentLocation();
    const delta = (storedState().idx ?? 0) - this.index;
    const guard = delta === 0 || this.isLeaving ? undefined : this.guardAgainst(location);
    if (guard) {
      this.isReturning = true;
      window.history.go(-delta);
      this.stop(guard, () => {
        this.isLeaving = true;
        window.history.go(delta);
      });
      return;
    }
    this.isLeaving = false;
    this.index += delta;
    this.show({ location, action: NavigationType.Pop });
  }

  private guardAgainst(next: Location): Guard | undefined {
    return [...this.guards].find((guard) => guard(this.entry.location, next));
  }

  private stop(by: Guard, proceed: () => void): void {
    this.stopped = { by, proceed };
    this.notify();
  }

  private show(entry: Entry): void {
    this.entry = entry;
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

function storedState(): Partial<State> {
  const state: unknown = window.history.state;
  return typeof state === 'object' && state !== null ? state : {};
}

function currentLocation(): Location {
  const { pathname, search, hash } = window.location;
  const { usr = null, key = 'default' } = storedState();
  return { pathname, search, hash, state: usr, key };
}

export const browserHistory = new BrowserHistory();
