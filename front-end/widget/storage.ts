/**
 * What the browser keeps of an anonymous visitor: the token, and messages that have not been sent. Where storage is
 * blocked, or for signed-in visitors, it is kept in memory and lost with the page.
 */

const MAX_AGE = 86_400_000; // milliseconds after which a message is not sent any more

export interface Unsent {
  key: string;
  text: string;
}

export class Storage {
  private readonly memory = new Map<string, string>();
  private readonly prefix: string;
  private isPersistent = true;

  constructor(channel: string) {
    this.prefix = `icmp.widget.${channel}.`;
  }

  /** From now on, keep everything in memory only: others may use this browser after a signed-in visitor. */
  useMemory(): void {
    this.isPersistent = false;
    this.memory.clear();
  }

  usePersistent(): void {
    this.isPersistent = true;
    this.memory.clear();
  }

  get token(): string | null {
    return this.get('token');
  }

  set token(token: string | null) {
    this.set('token', token);
  }

  /** The oldest first. */
  unsent(): Unsent[] {
    const found: (Unsent & { at: number })[] = [];
    for (const name of this.names()) {
      if (!name.startsWith('unsent.')) continue;
      try {
        const { text, at } = JSON.parse(this.get(name) ?? '') as { text: string; at: number };
        if (Date.now() - at > MAX_AGE) this.set(name, null);
        else found.push({ key: name.slice('unsent.'.length), text, at });
      } catch {
        this.set(name, null);
      }
    }
    return found.toSorted((a, b) => a.at - b.at);
  }

  addUnsent({ key, text }: Unsent): void {
    this.set(`unsent.${key}`, JSON.stringify({ text, at: Date.now() }));
  }

  removeUnsent(key: string): void {
    this.set(`unsent.${key}`, null);
  }

  /** Lets the visitor's other tabs know that there is something new. */
  announce(): void {
    this.set('changed', String(Date.now()));
  }

  /** Calls back when another tab has changed the token, or has announced something new. */
  listen(onChange: (name: 'token' | 'changed') => void): void {
    addEventListener('storage', (event) => {
      if (!this.isPersistent || event.newValue === null) return;
      if (event.key === `${this.prefix}token`) onChange('token');
      if (event.key === `${this.prefix}changed`) onChange('changed');
    });
  }

  private names(): string[] {
    const names = new Set(this.memory.keys());
    try {
      if (this.isPersistent) {
        for (const key of Object.keys(localStorage)) {
          if (key.startsWith(this.prefix)) names.add(key.slice(this.prefix.length));
        }
      }
    } catch {
      // Storage is blocked.
    }
    return [...names];
  }

  private get(name: string): string | null {
    try {
      if (this.isPersistent) return localStorage.getItem(this.prefix + name) ?? this.memory.get(name) ?? null;
    } catch {
      // Storage is blocked.
    }
    return this.memory.get(name) ?? null;
  }

  private set(name: string, value: string | null): void {
    this.memory.delete(name);
    try {
      if (this.isPersistent) {
        if (value === null) localStorage.removeItem(this.prefix + name);
        else localStorage.setItem(this.prefix + name, value);
        return;
      }
    } catch {
      // Storage is blocked or full.
    }
    if (value !== null) this.memory.set(name, value);
  }
}
