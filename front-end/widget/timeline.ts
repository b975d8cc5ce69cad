/** The messages of a visitor in their order: those the server has stored, and the own ones that wait to be sent. */

import type { Accepted, Message } from './types';

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
  canRate: boolean;
  rating: Message['rating'];
  /** Of an own message that is not stored yet. */
  status?: 'waiting' | 'limited' | 'refused';
}

const NOT_STORED = Number.MAX_SAFE_INTEGER; // the seq of messages that wait: after all others

export class Timeline {
  entries: Entry[] = [];
  private readonly conversations: string[] = []; // the oldest first
  private skippedId: string | null = null; // probably the own message that is being sent

  /** Returns the new entry, or null if the message is known. */
  add(message: Message): Entry | null {
    if (this.entries.some((each) => each.id === message.message_id)) return null;
    const isOwn = message.sender === 'customer';
    if (isOwn && this.entries.some((each) => each.status && each.text === message.text)) {
      // The response to the message that is being sent says whether this is it.
      this.skippedId = message.message_id;
      return null;
    }
    const entry: Entry = {
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
      canRate: message.can_rate,
      rating: message.rating,
    };
    this.entries.push(entry);
    this.noteConversation(message.conversation_id);
    this.sort();
    return entry;
  }

  /** Adds an own message that is not stored yet. */
  addWaiting(key: string, text: string): void {
    if (this.find(key)) return;
    this.entries.push({
      key,
      id: null,
      conversation: null,
      seq: NOT_STORED,
      turnId: null,
      sender: 'customer',
      name: null,
      text,
      buttons: [],
      at: new Date().toISOString(),
      canRate: false,
      rating: null,
      status: 'waiting',
    });
  }

  /** Gives an own message its place. Returns whether a message was skipped that was a different one. */
  noteStored(entry: Entry, accepted: Accepted): boolean {
    // The stream may have been faster than the response.
    this.entries = this.entries.filter((each) => each === entry || each.id !== accepted.message_id);
    delete entry.status;
    entry.id = accepted.message_id;
    entry.conversation = accepted.conversation_id;
    entry.seq = accepted.seq;
    entry.turnId = accepted.turn_id;
    this.noteConversation(accepted.conversation_id);
    this.sort();
    const hasSkippedOther = this.skippedId !== null && this.skippedId !== accepted.message_id;
    this.skippedId = null;
    return hasSkippedOther;
  }

  find(key: string): Entry | undefined {
    return this.entries.find((each) => each.key === key);
  }

  /** The oldest message that is still to be sent. */
  nextToSend(): Entry | undefined {
    return this.entries.find((each) => each.status === 'waiting' || each.status === 'limited');
  }

  /** The stored messages of a conversation. */
  storedIn(conversation: string | null): Entry[] {
    return this.entries.filter((each) => each.id && each.conversation === conversation);
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
}
