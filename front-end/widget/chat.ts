/* eslint-disable no-await-in-loop -- its loops are attempts, one after the other */

/** The conversation: what has been said, what is still to be sent, and what is going on. Knows nothing of the page. */

import { Refused, type Api, type Update } from './api';
import type { Storage } from './storage';
import type { Accepted, Appearance, Message, Page, State } from './types';

export interface Entry {
  /** The same for as long as the page is open. */
  key: string;
  /** Null until the server has stored the message. */
  id: string | null;
  conversation: string | null;
  seq: number;
  turnId: string | null;
  sender: Message['sender'];
  name: string | null;
  text: string;
  buttons: string[];
  at: string;
  /** Of an own message that is not stored yet. */
  status?: 'waiting' | 'limited' | 'refused';
}

export type Problem = 'offline' | 'connecting' | 'unavailable' | 'not allowed' | null;

const POLL = 10_000; // milliseconds between requests without a stream
const HIDDEN_POLL = 30_000; // the same while the page is in the background
const HIDE_DELAY = 10_000; // until the stream of a page in the background is closed
const TYPING = 5_000; // after the last sign that a person types
const ANSWER = 180_000; // after which an answer is no longer expected any moment
const MAX_DELAY = 30_000; // between attempts
const NOT_STORED = Number.MAX_SAFE_INTEGER; // the seq of messages that wait: after all others
const NO_STATE: State = { conversation_id: null, with_person: false, is_answering: false, away_until: null };

export class Chat {
  appearance: Appearance | null = null;
  state = NO_STATE;
  entries: Entry[] = [];
  hasEarlier = false;
  problem: Problem = null;
  /** Whether the latest message could not be answered yet. */
  isDelayed = false;
  /** The answer while it is written. */
  draft: { turnId: string; text: string } | null = null;
  unread = 0;

  private isOpen = false;
  private token: string | null = null;
  private visitor = 0; // increases when the visitor changes
  private connecting: Promise<void> | null = null;
  private isSending = false;
  private isListening = false;
  private stream: AbortController | null = null;
  private hideTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly waits = new Set<() => void>();
  private readonly ownTurns = new Set<string>(); // whose events this page receives with the response
  private conversations: string[] = []; // the oldest first
  private skippedId: string | null = null; // probably the own message that is being sent
  private answerUntil = 0;
  private typing = { name: null as string | null, until: 0 };

  constructor(
    private readonly api: Api,
    private readonly storage: Storage,
    private readonly language: string,
    private identity: string | null,
    private readonly onChange: () => void,
    private readonly onIncoming: (entry: Entry) => void,
  ) {
    if (identity) storage.useMemory();
    storage.listen((name) => {
      if (!this.token) return;
      if (name === 'token' && storage.token !== this.token && !this.entries.length) void this.restart();
      else void this.refresh().then(() => this.listen(), ignore);
    });
    addEventListener('online', () => void this.wakeUp());
    addEventListener('offline', () => this.setProblem('offline'));
    document.addEventListener('visibilitychange', () => this.noteVisibility());
  }

  /** Who is typing: the name of a person ('' if it is not known), `assistant`, or null. */
  get typist(): { person: string } | 'assistant' | null {
    if (Date.now() < this.typing.until) return { person: this.typing.name ?? '' };
    const isAnswering = Date.now() < this.answerUntil && !this.state.with_person && !this.draft?.text;
    return isAnswering ? 'assistant' : null;
  }

  /** Connects, unless that has happened. */
  start(): Promise<void> {
    if (this.token) return Promise.resolve();
    this.connecting ??= this.connect().finally(() => (this.connecting = null));
    return this.connecting;
  }

  setOpen(isOpen: boolean): void {
    this.isOpen = isOpen;
    if (isOpen) this.unread = 0;
    this.onChange();
  }

  /** Changes who the visitor is. Null is an anonymous visitor. */
  async identify(identity: string | null): Promise<void> {
    if (identity === this.identity) return;
    const hasStarted = this.token !== null || this.connecting !== null;
    this.identity = identity;
    if (identity) this.storage.useMemory();
    else this.storage.usePersistent();
    if (hasStarted) await this.restart();
  }

  send(text: string): void {
    const key = newKey();
    this.storage.addUnsent({ key, text });
    this.addWaiting(key, text);
    this.onChange();
    void this.sendWaiting();
  }

  /** Sends a refused message again. */
  retry(key: string): void {
    const entry = this.entries.find((each) => each.key === key);
    if (!entry) return;
    entry.status = 'waiting';
    this.onChange();
    void this.sendWaiting();
  }

  /** Connects again after a problem. */
  async wakeUp(): Promise<void> {
    for (const end of this.waits) end();
    if (!this.token) return;
    if (this.problem) this.setProblem('connecting');
    void this.sendWaiting();
    this.listen();
    await this.refresh().catch(ignore);
  }

  async loadEarlier(): Promise<void> {
    const [first] = this.current();
    if (!this.token || !first) return;
    const visitor = this.visitor;
    const page = await this.api.readMessages(this.token, first.seq);
    if (visitor !== this.visitor) return;
    for (const message of page.messages) this.add(message);
    this.hasEarlier = page.has_earlier;
    this.onChange();
  }

  private async restart(): Promise<void> {
    this.visitor += 1;
    this.stream?.abort();
    this.token = null;
    this.appearance = null;
    this.state = NO_STATE;
    this.entries = [];
    this.conversations = [];
    this.hasEarlier = false;
    this.draft = null;
    this.isDelayed = false;
    this.answerUntil = 0;
    this.ownTurns.clear();
    for (const end of this.waits) end();
    this.onChange();
    await this.connecting?.catch(ignore);
    await this.start();
  }

  private async connect(): Promise<void> {
    const visitor = this.visitor;
    for (let attempt = 0; visitor === this.visitor; attempt += 1) {
      const { identity, language, storage } = this;
      const { token } = storage;
      try {
        const session = await this.api.openSession({ token, identity, language });
        if (visitor !== this.visitor) return;
        // Another tab may have become a visitor meanwhile. All tabs are the same one.
        if (!identity && storage.token !== token && storage.token) continue;
        this.token = storage.token = session.token;
        this.appearance = session.appearance;
        this.problem = null;
        this.merge(session, true);
        for (const { key, text } of storage.unsent()) this.addWaiting(key, text);
        this.onChange();
        void this.sendWaiting();
        this.listen();
        return;
      } catch (error) {
        if (visitor !== this.visitor) return;
        if (error instanceof Refused && !error.isTemporary) {
          if (error.status === 401 && token && !identity) {
            storage.token = null; // it has expired
            continue;
          }
          this.setProblem(error.status === 401 || error.status === 403 ? 'not allowed' : 'unavailable');
          return;
        }
        this.setProblem(navigator.onLine ? 'connecting' : 'offline');
        await this.pause(attempt, error);
      }
    }
  }

  /** Sends what waits: each message only when the one before has been stored. */
  private async sendWaiting(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let attempt = 0; this.token; attempt += 1) {
        const next = this.entries.find((each) => each.status === 'waiting' || each.status === 'limited');
        if (!next) return;
        const { visitor } = this;
        try {
          await this.post(next, this.token);
          attempt = -1;
          this.clearProblem();
        } catch (error) {
          if (visitor !== this.visitor) continue;
          if (error instanceof Refused && !error.isTemporary) {
            if (error.status === 401) {
              void this.restart();
              return;
            }
            next.status = 'refused';
            this.storage.removeUnsent(next.key);
            this.onChange();
            continue;
          }
          if (error instanceof Refused && error.status === 429) next.status = 'limited';
          else this.setProblem(navigator.onLine ? 'connecting' : 'offline');
          this.onChange();
          await this.pause(attempt, error);
        }
      }
    } finally {
      this.isSending = false;
    }
  }

  /** Resolves when the message is stored. The events of its answer are received meanwhile. */
  private post(entry: Entry, token: string): Promise<void> {
    const { visitor } = this;
    return new Promise((resolve, reject) => {
      const receive = async () => {
        let turnId = '';
        try {
          for await (const update of this.api.post(token, entry.key, entry.text)) {
            if (visitor !== this.visitor) break;
            if (update.kind === 'accepted') {
              turnId = update.accepted.turn_id;
              this.noteStored(entry, update.accepted);
              resolve();
            } else {
              this.apply(update, turnId);
            }
          }
          reject(new TypeError('the response has ended')); // has no effect once the message is stored
        } catch (error) {
          reject(error as Error);
        }
        this.ownTurns.delete(turnId);
        if (turnId && this.draft?.turnId === turnId) {
          // The connection was lost while the answer was written: it arrives with the stream.
          this.draft = null;
          this.onChange();
        }
      };
      void receive();
    });
  }

  private noteStored(entry: Entry, accepted: Accepted): void {
    this.storage.removeUnsent(entry.key);
    this.entries = this.entries.filter((each) => each === entry || each.id !== accepted.message_id);
    delete entry.status;
    Object.assign(entry, {
      id: accepted.message_id,
      conversation: accepted.conversation_id,
      seq: accepted.seq,
      turnId: accepted.turn_id,
    });
    this.noteConversation(accepted.conversation_id);
    this.setState({ ...this.state, conversation_id: accepted.conversation_id });
    this.isDelayed = false;
    this.ownTurns.add(accepted.turn_id);
    this.expectAnswer();
    this.sort();
    this.onChange();
    this.storage.announce();
    if (this.skippedId && this.skippedId !== accepted.message_id) void this.refresh().catch(ignore);
    this.skippedId = null;
    this.listen();
  }

  /** Follows the conversation for as long as there is one and the page is visible, otherwise asks now and then. */
  private listen(): void {
    if (!this.isListening && this.token && this.state.conversation_id) void this.keepListening();
  }

  private async keepListening(): Promise<void> {
    const { visitor } = this;
    this.isListening = true;
    let attempt = 0;
    while (visitor === this.visitor && this.token) {
      try {
        await this.refresh();
        if (document.hidden) {
          await this.wait(HIDDEN_POLL);
          continue;
        }
        this.stream = new AbortController();
        const lastSeq = Math.max(0, ...this.current().map((each) => each.seq));
        for await (const update of this.api.follow(this.token, lastSeq, this.stream.signal)) {
          if (visitor !== this.visitor) break;
          attempt = 0;
          this.apply(update, null);
        }
        await this.wait(1_000 + Math.random() * 2_000);
      } catch (error) {
        if (visitor !== this.visitor) break;
        if (this.stream?.signal.aborted) continue; // in the background, or of an earlier conversation
        if (error instanceof Refused) {
          if (error.status === 401) {
            void this.restart();
            break;
          }
          await this.wait(Math.max(POLL, (error.retryAfter ?? 0) * 1_000));
          continue;
        }
        this.setProblem(navigator.onLine ? 'connecting' : 'offline');
        await this.pause((attempt += 1), error);
      } finally {
        this.stream = null;
      }
    }
    this.isListening = false;
    this.listen(); // for the next visitor
  }

  private async refresh(): Promise<void> {
    if (!this.token) return;
    const { visitor } = this;
    const page = await this.api.readMessages(this.token);
    if (visitor !== this.visitor) return;
    this.clearProblem();
    this.merge(page, false);
    this.onChange();
  }

  private merge(page: Page, isFirst: boolean): void {
    const isOther = this.state.conversation_id !== page.state.conversation_id;
    this.setState(page.state);
    if (isFirst || isOther) this.hasEarlier = page.has_earlier;
    for (const message of page.messages) if (this.add(message) && !isFirst) this.noteIncoming(message);
    if (page.state.is_answering) this.expectAnswer();
    else if (!this.ownTurns.size) this.answerUntil = 0;
  }

  private apply(update: Update, ownTurn: string | null): void {
    switch (update.kind) {
      case 'message':
        if (this.add(update.message)) this.noteIncoming(update.message);
        break;
      case 'delta':
        if (ownTurn)
          this.draft = { turnId: ownTurn, text: (this.draft?.turnId === ownTurn ? this.draft.text : '') + update.text };
        break;
      case 'reset':
        this.draft = null;
        break;
      case 'working':
        this.expectAnswer();
        break;
      case 'idle':
        if (!this.ownTurns.size) this.answerUntil = 0;
        break;
      case 'held':
        this.draft = null;
        this.answerUntil = 0;
        void this.refresh().catch(ignore);
        break;
      case 'failed':
        this.draft = null;
        this.answerUntil = 0;
        this.isDelayed = true;
        break;
      case 'typing':
        this.typing = { name: update.name, until: Date.now() + TYPING };
        setTimeout(this.onChange, TYPING + 50);
        break;
      case 'changed':
        void this.refresh().catch(ignore);
    }
    this.onChange();
  }

  /** Returns whether the message was not known. */
  private add(message: Message): boolean {
    if (this.entries.some((each) => each.id === message.message_id)) return false;
    const isOwn = message.sender === 'customer';
    if (isOwn && this.entries.some((each) => each.status && each.text === message.text)) {
      // The response to the message that is being sent says whether this is it.
      this.skippedId = message.message_id;
      return false;
    }
    this.entries.push({
      key: message.message_id,
      id: message.message_id,
      conversation: message.conversation_id,
      seq: message.seq,
      turnId: message.turn_id,
      sender: message.sender,
      name: message.name,
      text: message.text,
      buttons: message.buttons,
      at: message.created_at,
    });
    this.noteConversation(message.conversation_id);
    if (message.sender === 'assistant') {
      if (this.draft?.turnId === message.turn_id) this.draft = null;
      if (message.turn_id) this.ownTurns.delete(message.turn_id);
      if (!this.ownTurns.size) this.answerUntil = 0;
      this.isDelayed = false;
    }
    if (message.sender === 'person') this.typing.until = 0;
    this.sort();
    return true;
  }

  private noteIncoming(message: Message): void {
    if (message.sender === 'customer') return;
    if (!this.isOpen) this.unread += 1;
    const entry = this.entries.find((each) => each.id === message.message_id);
    if (entry) this.onIncoming(entry);
  }

  private addWaiting(key: string, text: string): void {
    if (this.entries.some((each) => each.key === key)) return;
    const at = new Date().toISOString();
    const own = { sender: 'customer', name: null, turnId: null, buttons: [] } as const;
    this.entries.push({
      ...own,
      key,
      id: null,
      conversation: null,
      seq: NOT_STORED,
      text,
      at,
      status: 'waiting',
      buttons: [],
    });
  }

  /** A new conversation starts after a closed one. Until the page is loaded again, both are shown. */
  private noteConversation(id: string): void {
    if (!this.conversations.includes(id)) this.conversations.push(id);
  }

  private sort(): void {
    const place = (entry: Entry) =>
      entry.conversation === null ? this.conversations.length : this.conversations.indexOf(entry.conversation);
    this.entries = this.entries.toSorted((one, other) => place(one) - place(other) || one.seq - other.seq);
  }

  private expectAnswer(): void {
    if (this.state.with_person) return;
    this.answerUntil = Date.now() + ANSWER;
    setTimeout(this.onChange, ANSWER + 50);
  }

  private noteVisibility(): void {
    clearTimeout(this.hideTimer);
    if (document.hidden) this.hideTimer = setTimeout(() => this.stream?.abort(), HIDE_DELAY);
    else void this.wakeUp();
  }

  /** The stored messages of the latest conversation. */
  private current(): Entry[] {
    return this.entries.filter((each) => each.id && each.conversation === this.state.conversation_id);
  }

  private setState(state: State): void {
    const isOther = this.state.conversation_id !== state.conversation_id;
    this.state = state;
    if (isOther) this.stream?.abort(); // it follows the earlier one
  }

  private setProblem(problem: Problem): void {
    this.problem = problem;
    this.onChange();
  }

  private clearProblem(): void {
    if (this.problem) this.setProblem(null);
  }

  /** Waits before the next attempt, up to `MAX_DELAY` or as long as the server says, or until something changes. */
  private pause(attempt: number, error: unknown): Promise<void> {
    const asked = error instanceof Refused ? (error.retryAfter ?? 0) * 1_000 : 0;
    const delay = Math.min(MAX_DELAY, 500 * 2 ** attempt);
    return this.wait(Math.max(asked, delay * (0.5 + Math.random() / 2)));
  }

  private wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.waits.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.waits.add(end);
    });
  }
}

function ignore(): void {
  // The next attempt reports what is wrong.
}

/** A random UUID. `crypto.randomUUID` exists on pages with HTTPS only. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
