/** What is going on in a visitor's conversation: who is typing, and whether an answer is expected. */

import type { Update } from './api';
import type { Message, State } from './types';

const TYPING = 5_000; // milliseconds after the last sign that a person types
const ANSWER = 180_000; // after which an answer is no longer expected any moment

const NO_STATE: State = {
  conversation_id: null,
  with_person: false,
  is_answering: false,
  away_until: null,
  is_completed: false,
  rating: null,
};

export class Activity {
  state: State = NO_STATE;
  /** The answer while it is written. */
  draft: { turnId: string; text: string } | null = null;
  /** Whether the latest message could not be answered yet. */
  isDelayed = false;

  private readonly ownTurns = new Set<string>(); // whose events this page receives with the response
  private answerUntil = 0;
  private typing = { name: null as string | null, until: 0 };

  constructor(private readonly onChange: () => void) {}

  /** Who is typing: the name of a person ('' if it is not known), `assistant`, or null. */
  get typist(): { person: string } | 'assistant' | null {
    if (Date.now() < this.typing.until) return { person: this.typing.name ?? '' };
    const isAnswering = Date.now() < this.answerUntil && !this.state.with_person && !this.draft?.text;
    return isAnswering ? 'assistant' : null;
  }

  /** An own message has been stored, and its turn begins. */
  startTurn(turnId: string): void {
    this.isDelayed = false;
    this.ownTurns.add(turnId);
    this.expectAnswer();
  }

  /** The response with the turn's events has ended. The rest of an unfinished answer arrives with the stream. */
  endTurn(turnId: string): void {
    this.ownTurns.delete(turnId);
    if (this.draft?.turnId === turnId) this.draft = null;
  }

  /** Only the response to an own message contains the text while it is written, so `ownTurn` is null for the stream. */
  noteUpdate(update: Update, ownTurn: string | null): void {
    switch (update.kind) {
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
        this.noteIdle();
        break;
      case 'held':
        this.draft = null;
        this.answerUntil = 0;
        break;
      case 'failed':
        this.draft = null;
        this.answerUntil = 0;
        this.isDelayed = true;
        break;
      case 'typing':
        this.typing = { name: update.name, until: Date.now() + TYPING };
        setTimeout(this.onChange, TYPING + 50);
    }
  }

  /** A message takes the place of what announced it. */
  noteMessage(message: Message): void {
    if (message.sender === 'person') this.typing.until = 0;
    if (message.sender !== 'assistant') return;
    if (message.turn_id) this.endTurn(message.turn_id);
    this.noteIdle();
    this.isDelayed = false;
  }

  /** The server has said whether the assistant is working. */
  noteAnswering(isAnswering: boolean): void {
    if (isAnswering) this.expectAnswer();
    else this.noteIdle();
  }

  private noteIdle(): void {
    if (!this.ownTurns.size) this.answerUntil = 0;
  }

  private expectAnswer(): void {
    if (this.state.with_person) return;
    this.answerUntil = Date.now() + ANSWER;
    setTimeout(this.onChange, ANSWER + 50);
  }
}
