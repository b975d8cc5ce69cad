/** A visitor's chat: connects, and keeps what is shown up to date. Knows nothing of the page. */

import { Activity } from './activity';
import { Refused, type Api, type Update } from './api';
import { Listening } from './listening';
import { Pauses } from './pauses';
import { Sending } from './sending';
import type { Storage } from './storage';
import { Timeline, type Entry } from './timeline';
import type { Accepted, Appearance, Message, Page, State } from './types';

export type Problem = 'offline' | 'connecting' | 'unavailable' | 'not allowed' | null;

/** What the window shows, and what it does. */
export type ChatView = Pick<
  Chat,
  | 'activity'
  | 'appearance'
  | 'hasEarlier'
  | 'loadEarlier'
  | 'problem'
  | 'rateAnswer'
  | 'rateConversation'
  | 'retry'
  | 'send'
  | 'timeline'
>;

export class Chat {
  appearance: Appearance | null = null;
  timeline = new Timeline();
  activity: Activity;
  hasEarlier = false;
  problem: Problem = null;
  unread = 0;
  token: string | null = null;
  visitor = 0; // increases when the visitor changes: what was requested before is ignored then

  private isOpen = false;
  private connecting: Promise<void> | null = null;
  private readonly pauses = new Pauses();
  private readonly sending: Sending;
  private readonly listening: Listening;

  constructor(
    private readonly api: Api,
    private readonly storage: Storage,
    private readonly language: string,
    private identity: string | null,
    private readonly onChange: () => void,
    private readonly onIncoming: (entry: Entry) => void,
  ) {
    this.activity = new Activity(onChange);
    this.sending = new Sending(api, storage, this.pauses, this, onChange);
    this.listening = new Listening(api, this.pauses, this);
    if (identity) storage.useMemory();
    storage.listen((name) => {
      if (!this.token) return;
      if (name === 'token' && storage.token !== this.token && !this.timeline.entries.length) void this.restart();
      else void this.refresh().then(() => this.listening.start(), ignore);
    });
    addEventListener('online', () => void this.wakeUp());
    addEventListener('offline', () => this.setProblem('offline'));
    document.addEventListener('visibilitychange', () => {
      this.listening.noteVisibility();
      if (!document.hidden) void this.wakeUp();
    });
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
    this.sending.send(text);
  }

  /** Sends a refused message again. */
  retry(key: string): void {
    this.sending.retry(key);
  }

  /** Rates an answer. If that fails, the previous rating is shown again. */
  async rateAnswer(entry: Entry, rating: 'good' | 'bad', comment?: string): Promise<void> {
    if (!this.token || !entry.id) return;
    const { rating: previous } = entry;
    entry.rating = rating;
    this.onChange();
    try {
      await this.api.rateAnswer(this.token, entry.id, rating, comment);
    } catch {
      entry.rating = previous;
      this.onChange();
    }
  }

  /** Rates the latest conversation from 1 to 5. If that fails, the previous rating is shown again. */
  async rateConversation(rating: number): Promise<void> {
    const { state } = this.activity;
    if (!this.token || !state.conversation_id) return;
    this.setState({ ...state, rating });
    this.onChange();
    try {
      await this.api.rateConversation(this.token, state.conversation_id, rating);
    } catch {
      if (this.activity.state.conversation_id === state.conversation_id) this.setState(state);
      this.onChange();
    }
  }

  async loadEarlier(): Promise<void> {
    const [first] = this.current();
    if (!this.token || !first) return;
    const { visitor } = this;
    const page = await this.api.readMessages(this.token, first.seq);
    if (visitor !== this.visitor) return;
    for (const message of page.messages) this.add(message);
    this.hasEarlier = page.has_earlier;
    this.onChange();
  }

  /** Forgets the visitor and connects again. */
  async restart(): Promise<void> {
    this.visitor += 1;
    this.listening.closeStream();
    this.token = null;
    this.appearance = null;
    this.timeline = new Timeline();
    this.activity = new Activity(this.onChange);
    this.hasEarlier = false;
    this.pauses.endAll();
    this.onChange();
    await this.connecting?.catch(ignore);
    await this.start();
  }

  noteStored(entry: Entry, accepted: Accepted): void {
    this.storage.removeUnsent(entry.key);
    const hasSkippedOther = this.timeline.noteStored(entry, accepted);
    // A message to a conversation that has ended starts a new one.
    const { conversation_id } = accepted;
    const isOther = this.activity.state.conversation_id !== conversation_id;
    this.setState({
      ...this.activity.state,
      conversation_id,
      ...(isOther ? { is_completed: false, rating: null } : {}),
    });
    this.activity.startTurn(accepted.turn_id);
    this.onChange();
    this.storage.announce();
    if (hasSkippedOther) void this.refresh().catch(ignore);
    this.listening.start();
  }

  /** `ownTurn` is the turn whose response contains the update; null for the stream. */
  receive(update: Update, ownTurn: string | null): void {
    this.activity.noteUpdate(update, ownTurn);
    if (update.kind === 'message') this.addIncoming(update.message);
    if (update.kind === 'held' || update.kind === 'changed') void this.refresh().catch(ignore);
    this.onChange();
  }

  /** Requests the latest messages and the state. */
  async refresh(): Promise<void> {
    if (!this.token) return;
    const { visitor } = this;
    const page = await this.api.readMessages(this.token);
    if (visitor !== this.visitor) return;
    this.clearProblem();
    this.merge(page, false);
    this.onChange();
  }

  /** The stored messages of the latest conversation. */
  current(): Entry[] {
    return this.timeline.storedIn(this.activity.state.conversation_id);
  }

  noteNoConnection(): void {
    this.setProblem(navigator.onLine ? 'connecting' : 'offline');
  }

  clearProblem(): void {
    if (this.problem) this.setProblem(null);
  }

  private async connect(): Promise<void> {
    const { visitor } = this;
    for (let attempt = 0; visitor === this.visitor; attempt += 1) {
      // eslint-disable-next-line no-await-in-loop -- one attempt after the other
      if (await this.openSession(attempt)) return;
    }
  }

  /** Returns false when it is time for the next attempt. */
  private async openSession(attempt: number): Promise<boolean> {
    const { identity, language, storage, visitor } = this;
    const { token } = storage;
    try {
      const session = await this.api.openSession({ token, identity, language });
      if (visitor !== this.visitor) return true;
      // Another tab may have become a visitor meanwhile. All tabs are the same one.
      if (!identity && storage.token !== token && storage.token) return false;
      this.token = storage.token = session.token;
      this.appearance = session.appearance;
      this.problem = null;
      this.merge(session, true);
      for (const { key, text } of storage.unsent()) this.timeline.addWaiting(key, text);
      this.onChange();
      void this.sending.sendWaiting();
      this.listening.start();
      return true;
    } catch (error) {
      if (visitor !== this.visitor) return true;
      if (error instanceof Refused && !error.isTemporary) {
        if (error.status === 401 && token && !identity) {
          storage.token = null; // it has expired
          return false;
        }
        this.setProblem(error.status === 401 || error.status === 403 ? 'not allowed' : 'unavailable');
        return true;
      }
      this.noteNoConnection();
      await this.pauses.afterFailure(attempt, error);
      return false;
    }
  }

  /** Connects again after a problem. */
  private async wakeUp(): Promise<void> {
    this.pauses.endAll();
    if (!this.token) return;
    if (this.problem) this.setProblem('connecting');
    void this.sending.sendWaiting();
    this.listening.start();
    await this.refresh().catch(ignore);
  }

  private merge(page: Page, isFirst: boolean): void {
    const isOther = this.activity.state.conversation_id !== page.state.conversation_id;
    this.setState(page.state);
    if (isFirst || isOther) this.hasEarlier = page.has_earlier;
    for (const message of page.messages) {
      if (isFirst) this.add(message);
      else this.addIncoming(message);
    }
    // The answer may have arrived with the stream meanwhile. Then nothing is being answered any more.
    const isUnanswered = this.current().at(-1)?.sender === 'customer';
    this.activity.noteAnswering(page.state.is_answering && isUnanswered);
  }

  private add(message: Message): Entry | null {
    const entry = this.timeline.add(message);
    if (entry) this.activity.noteMessage(message);
    return entry;
  }

  private addIncoming(message: Message): void {
    const entry = this.add(message);
    if (!entry || entry.sender === 'customer') return;
    if (!this.isOpen) this.unread += 1;
    this.onIncoming(entry);
  }

  private setState(state: State): void {
    const isOther = this.activity.state.conversation_id !== state.conversation_id;
    this.activity.state = state;
    if (isOther) this.listening.closeStream(); // it follows the earlier one
  }

  private setProblem(problem: Problem): void {
    this.problem = problem;
    this.onChange();
  }
}

function ignore(): void {
  // The next attempt reports what is wrong.
}
