/** Receives what happens in the conversation: from a stream while the page is visible, otherwise by asking. */

import { Refused, type Api } from './api';
import type { Chat } from './chat';
import type { Pauses } from './pauses';

type Visit = Pick<
  Chat,
  'activity' | 'current' | 'noteNoConnection' | 'receive' | 'refresh' | 'restart' | 'token' | 'visitor'
>;

const POLL = 10_000; // milliseconds between requests without a stream
const HIDDEN_POLL = 30_000; // the same while the page is in the background
const HIDE_DELAY = 10_000; // until the stream of a page in the background is closed

export class Listening {
  private isListening = false;
  private stream: AbortController | null = null;
  private hideTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Api,
    private readonly pauses: Pauses,
    private readonly chat: Visit,
  ) {}

  /** Listens for as long as the visitor is the same, once there is a conversation. */
  start(): void {
    if (!this.isListening && this.chat.token && this.chat.activity.state.conversation_id) void this.keepListening();
  }

  /** Closes the stream. Unless the visitor has changed, the next one follows the latest conversation. */
  closeStream(): void {
    this.stream?.abort();
  }

  /** A page in the background needs no stream. It may come back soon, so the stream is not closed at once. */
  noteVisibility(): void {
    clearTimeout(this.hideTimer);
    if (document.hidden) this.hideTimer = setTimeout(() => this.closeStream(), HIDE_DELAY);
  }

  private async keepListening(): Promise<void> {
    const { visitor } = this.chat;
    this.isListening = true;
    let failures = 0;
    while (visitor === this.chat.visitor && this.chat.token) {
      // eslint-disable-next-line no-await-in-loop -- one connection after the other
      failures = await this.follow(this.chat.token, failures);
    }
    this.isListening = false;
    this.start(); // for the next visitor
  }

  /** Follows the stream until it ends, and waits. Takes and returns the number of failures since the last update. */
  private async follow(token: string, failures: number): Promise<number> {
    const { chat, pauses } = this;
    const { visitor } = chat;
    try {
      await chat.refresh();
      if (document.hidden) {
        await pauses.wait(HIDDEN_POLL);
        return failures;
      }
      this.stream = new AbortController();
      const lastSeq = Math.max(0, ...chat.current().map((each) => each.seq));
      for await (const update of this.api.follow(token, lastSeq, this.stream.signal)) {
        if (visitor !== chat.visitor) break;
        failures = 0;
        chat.receive(update, null);
      }
      await pauses.wait(1_000 + Math.random() * 2_000);
    } catch (error) {
      if (visitor !== chat.visitor) return failures;
      if (this.stream?.signal.aborted) return failures; // in the background, or of an earlier conversation
      if (error instanceof Refused) {
        if (error.status === 401) void chat.restart();
        else await pauses.wait(Math.max(POLL, (error.retryAfter ?? 0) * 1_000));
        return failures;
      }
      failures += 1;
      chat.noteNoConnection();
      await pauses.afterFailure(failures, error);
    } finally {
      this.stream = null;
    }
    return failures;
  }
}
