import { describe, expect, it } from 'vitest';
import { matchingReplies, slashBefore } from './slash';

describe('slashBefore', () => {
  it('finds a slash at the start of a word', () => {
    expect(slashBefore('/hel', 4)).toEqual({ start: 0, typed: 'hel' });
    expect(slashBefore('Hi /', 4)).toEqual({ start: 3, typed: '' });
    expect(slashBefore('one\n/grüß', 9)).toEqual({ start: 4, typed: 'grüß' });
  });

  it('ignores slashes inside of words and addresses', () => {
    expect(slashBefore('1/2', 3)).toBeNull();
    expect(slashBefore('https://example.com', 10)).toBeNull();
    expect(slashBefore('/hello there', 12)).toBeNull();
  });
});

describe('matchingReplies', () => {
  const reply = (shortcut: string, title: string, content = '') => ({ shortcut, title, content });
  const replies = [
    reply('thanks', 'Thank you'),
    reply('hours', 'Opening hours'),
    reply('late', 'Sorry', 'Thanks for waiting'),
  ];

  it('puts shortcuts that start with the text first', () => {
    expect(matchingReplies(replies, 'th').map((each) => each.shortcut)).toEqual(['thanks', 'late']);
    expect(matchingReplies(replies, 'open').map((each) => each.shortcut)).toEqual(['hours']);
  });

  it('lists all replies after the slash alone', () => {
    expect(matchingReplies(replies, '')).toHaveLength(3);
  });
});
