/** Which colleagues have which conversation open, and who is writing. */

import type { Frame } from './live';

export interface Colleague {
  user_id: string;
  name: string;
}

const TYPING_FOR = 6_000; // milliseconds after the last `typing` frame
const NOBODY: readonly Colleague[] = [];

export class People {
  private present = new Map<string, readonly Colleague[]>();
  private typing = new Map<string, readonly Colleague[]>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private ownId: string | null = null;
  private readonly listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  presentIn(conversationId: string): readonly Colleague[] {
    return this.present.get(conversationId) ?? NOBODY;
  }

  typingIn(conversationId: string): readonly Colleague[] {
    return this.typing.get(conversationId) ?? NOBODY;
  }

  clear(): void {
    this.present.clear();
    this.typing.clear();
    this.changed();
  }

  receive(frames: readonly Frame[]): void {
    let isChanged = false;
    for (const frame of frames) {
      const { type, conversation_id: conversationId, user_id: userId } = frame;
      if (type === 'hello') this.ownId = userId ?? null;
      if (!userId || userId === this.ownId) continue;
      const colleague = { user_id: userId, name: typeof frame['name'] === 'string' ? frame['name'] : '' };
      if (type === 'presence') {
        // A colleague has at most one conversation open; null says that they have closed it.
        for (const [key, all] of this.present) this.present.set(key, without(all, userId));
        if (conversationId) this.present.set(conversationId, [...this.presentIn(conversationId), colleague]);
      } else if (type === 'typing' && conversationId) {
        this.typing.set(conversationId, [...without(this.typingIn(conversationId), userId), colleague]);
        this.endTypingLater(conversationId, userId);
      } else continue;
      isChanged = true;
    }
    if (isChanged) this.changed();
  }

  private endTypingLater(conversationId: string, userId: string): void {
    const key = `${conversationId} ${userId}`;
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        this.typing.set(conversationId, without(this.typingIn(conversationId), userId));
        this.changed();
      }, TYPING_FOR),
    );
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

function without(all: readonly Colleague[], userId: string): readonly Colleague[] {
  const rest = all.filter((each) => each.user_id !== userId);
  return rest.length === all.length ? all : rest;
}
