/** Sends the visitor's messages, and receives the events of their answers with the responses. */

import { Refused, type Api } from './api';
import type { Chat } from './chat';
import type { Pauses } from './pauses';
import type { Storage } from './storage';
import type { Entry } from './timeline';

type Visit = Pick<
  Chat,
  | 'activity'
  | 'clearProblem'
  | 'noteNoConnection'
  | 'noteStored'
  | 'receive'
  | 'restart'
  | 'timeline'
  | 'token'
  | 'visitor'
>;

export class Sending {
  private isSending = false;

  constructor(
    private readonly api: Api,
    private readonly storage: Storage,
    private readonly pauses: Pauses,
    private readonly chat: Visit,
    private readonly onChange: () => void,
  ) {}

  /** Adds a message and sends it as soon as possible. It is kept until then, even if the page is closed. */
  send(text: string): void {
    const key = newKey();
    this.storage.addUnsent({ key, text });
    this.chat.timeline.addWaiting(key, text);
    this.onChange();
    void this.sendWaiting();
  }

  /** Sends a refused message again. */
  retry(key: string): void {
    const entry = this.chat.timeline.find(key);
    if (!entry) return;
    entry.status = 'waiting';
    this.onChange();
    void this.sendWaiting();
  }

  /** Sends what waits: each message only when the one before has been stored, so that they keep their order. */
  async sendWaiting(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let attempt = 0; this.chat.token; attempt += 1) {
        const next = this.chat.timeline.nextToSend();
        if (!next) return;
        // eslint-disable-next-line no-await-in-loop -- one message after the other
        if (await this.sendOne(next, this.chat.token, attempt)) attempt = -1;
      }
    } finally {
      this.isSending = false;
    }
  }

  /** Returns whether the message has been stored. Otherwise it is refused, or it is time for the next attempt. */
  private async sendOne(entry: Entry, token: string, attempt: number): Promise<boolean> {
    const { visitor } = this.chat;
    try {
      await this.post(entry, token);
      this.chat.clearProblem();
      return true;
    } catch (error) {
      if (visitor !== this.chat.visitor) return false;
      if (error instanceof Refused && !error.isTemporary) {
        if (error.status === 401) {
          void this.chat.restart();
          return false;
        }
        entry.status = 'refused';
        this.storage.removeUnsent(entry.key);
        this.onChange();
        return false;
      }
      if (error instanceof Refused && error.status === 429) entry.status = 'limited';
      else this.chat.noteNoConnection();
      this.onChange();
      await this.pauses.afterFailure(attempt, error);
      return false;
    }
  }

  /** Resolves when the message is stored. The events of its answer are received meanwhile. */
  private post(entry: Entry, token: string): Promise<void> {
    const { visitor } = this.chat;
    return new Promise((resolve, reject) => {
      const receive = async () => {
        let turnId = '';
        try {
          for await (const update of this.api.post(token, entry.key, entry.text)) {
            if (visitor !== this.chat.visitor) break;
            if (update.kind === 'accepted') {
              turnId = update.accepted.turn_id;
              this.chat.noteStored(entry, update.accepted);
              resolve();
            } else {
              this.chat.receive(update, turnId);
            }
          }
          reject(new TypeError('the response has ended')); // has no effect once the message is stored
        } catch (error) {
          reject(error as Error);
        }
        if (!turnId) return;
        this.chat.activity.endTurn(turnId);
        this.onChange();
      };
      void receive();
    });
  }
}

/** A random UUID. `crypto.randomUUID` exists on pages with HTTPS only. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
