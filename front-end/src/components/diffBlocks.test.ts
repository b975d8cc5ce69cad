import { expect, test } from 'vitest';
import { blocksOf } from './diffBlocks';

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

test('the same texts have no differences', () => {
  expect(blocksOf('a\nb\n', 'a\nb\n')).toEqual([]);
});

test('only changed lines are shown, with three lines around them', () => {
  const before = lines(1, 30);
  const after = before.replace('line 10\n', 'line ten\n').replace('line 13\n', '');
  expect(blocksOf(before, after)).toEqual([
    { kind: 'left-out', lines: 6 },
    { kind: 'same', text: lines(7, 9) },
    { kind: 'changed', before: 'line 10\n', after: 'line ten\n' },
    { kind: 'same', text: lines(11, 12) },
    { kind: 'changed', before: 'line 13\n', after: '' },
    { kind: 'same', text: lines(14, 16) },
    { kind: 'left-out', lines: 14 },
  ]);
});

test('a single line is not left out', () => {
  expect(blocksOf(lines(1, 4), `${lines(1, 4)}more`)).toEqual([
    { kind: 'same', text: lines(1, 4) },
    { kind: 'changed', before: '', after: 'more' },
  ]);
});
