import type { Stage } from '@/lib/types';

const MIN_LENGTH = 3; // letters of a word that is compared
const STEM_LENGTH = 5; // "order" and "ordered" count as the same word

/** The stage whose name, description and examples share most words with a message; null if several or none do. */
export function likelyStage(message: string, stages: readonly Stage[]): Stage | null {
  const words = stemsOf(message);
  const scores = stages.map((each) => {
    const own = stemsOf([each.stage_name, each.stage_description ?? '', ...each.example_messages].join(' '));
    return [...words].filter((word) => own.has(word)).length;
  });
  const best = Math.max(0, ...scores);
  const isClear = best > 0 && scores.indexOf(best) === scores.lastIndexOf(best);
  return isClear ? (stages[scores.indexOf(best)] ?? null) : null;
}

function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set(words.filter((each) => each.length >= MIN_LENGTH).map((each) => each.slice(0, STEM_LENGTH)));
}
