import type { Stage } from '@/lib/types';

const MOST = 3; // stages with a button
const MIN_LENGTH = 3; // letters of a word that is compared
const STEM_LENGTH = 5; // "order" and "ordered" count as the same word

/** The stages, at most three, whose names, descriptions and examples share most words with a message. */
export function likelyStages(message: string, stages: readonly Stage[]): Stage[] {
  const words = stemsOf(message);
  return stages
    .map((stage) => {
      const own = stemsOf([stage.stage_name, stage.stage_description ?? '', ...stage.example_messages].join(' '));
      return { stage, score: [...words].filter((word) => own.has(word)).length };
    })
    .filter((each) => each.score > 0)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, MOST)
    .map((each) => each.stage);
}

function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set(words.filter((each) => each.length >= MIN_LENGTH).map((each) => each.slice(0, STEM_LENGTH)));
}
