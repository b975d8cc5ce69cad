/** Waiting between attempts. Everything that waits can continue at once when the situation changes. */

import { Refused } from './api';

const MAX_DELAY = 30_000; // milliseconds between attempts

export class Pauses {
  private readonly waiting = new Set<() => void>();

  /** Waits longer after each attempt, up to `MAX_DELAY` or as long as the server says. */
  afterFailure(attempt: number, error: unknown): Promise<void> {
    const asked = error instanceof Refused ? (error.retryAfter ?? 0) * 1_000 : 0;
    const delay = Math.min(MAX_DELAY, 500 * 2 ** attempt);
    // A random part, so that the visitors do not all come back at the same time after an outage.
    return this.wait(Math.max(asked, delay * (0.5 + Math.random() / 2)));
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.waiting.add(end);
    });
  }

  /** Ends all pauses, for example when the browser is online again. */
  endAll(): void {
    for (const end of this.waiting) end();
  }
}
