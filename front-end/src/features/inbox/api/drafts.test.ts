import { describe, expect, it } from 'vitest';
import { type Draft, sendingOf } from './drafts';

describe('sendingOf', () => {
  it('uses the same key for the same text', () => {
    const first = sendingOf({ reply: 'Hello' }, 'Hello', false);
    const draft: Draft = { reply: 'Hello', sending: first };
    expect(sendingOf(draft, 'Hello', false)).toEqual(first);
  });

  it('uses another key for another text, and for a note', () => {
    const first = sendingOf({}, 'Hello', false);
    const draft: Draft = { sending: first };
    const all = [
      first,
      sendingOf(draft, 'Hello!', false),
      sendingOf(draft, 'Hello', true),
      sendingOf({}, 'Hello', false),
    ];
    expect(new Set(all.map((each) => each.idempotencyKey)).size).toBe(4);
  });
});
