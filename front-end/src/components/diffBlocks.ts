/** The differences between two texts as blocks of lines. */

import { diffLines } from 'diff';

const CONTEXT = 3; // unchanged lines around a change

export type DiffBlock =
  | { kind: 'changed'; before: string; after: string }
  | { kind: 'same'; text: string }
  | { kind: 'left-out'; lines: number };

/** The changed lines, each with up to three unchanged ones around it. Empty if the texts are the same. */
export function blocksOf(before: string, after: string): DiffBlock[] {
  if (before === after) return [];
  const parts = diffLines(before, after);
  const blocks: DiffBlock[] = [];
  parts.forEach((part, index) => {
    const last = blocks.at(-1);
    if (!part.added && !part.removed) {
      blocks.push(...contextOf(linesOf(part.value), index > 0, index < parts.length - 1));
    } else if (last?.kind === 'changed') {
      if (part.added) last.after += part.value;
      else last.before += part.value;
    } else {
      blocks.push({ kind: 'changed', before: part.removed ? part.value : '', after: part.added ? part.value : '' });
    }
  });
  return blocks;
}

/** Of unchanged lines, those next to a change before or after them. */
function contextOf(lines: string[], isAfterChange: boolean, isBeforeChange: boolean): DiffBlock[] {
  const start = isAfterChange ? lines.slice(0, CONTEXT) : [];
  const end = isBeforeChange ? lines.slice(-CONTEXT) : [];
  const leftOut = lines.length - start.length - end.length;
  // A note would be no shorter than a single line.
  if (leftOut <= 1) return lines.length ? [{ kind: 'same', text: lines.join('') }] : [];
  return [
    ...(start.length ? [{ kind: 'same', text: start.join('') } as const] : []),
    { kind: 'left-out', lines: leftOut },
    ...(end.length ? [{ kind: 'same', text: end.join('') } as const] : []),
  ];
}

/** The lines of a text with their line breaks. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
