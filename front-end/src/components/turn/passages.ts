/** Reads what a turn says about the articles that it used. */

import type { Message, TurnStep } from '@/lib/types';

export interface FoundPassage {
  article_id: string;
  title: string;
  heading: string;
  text: string;
  score: number;
}

/** The passages in the output of a retrieval step; null if it has not searched the articles. */
export function passagesOf(output: TurnStep['output']): readonly FoundPassage[] | null {
  const found = output?.['passages'];
  return Array.isArray(found) ? (found as FoundPassage[]) : null;
}

/** The IDs of the articles that a reply is based on. */
export function articlesOf(message: Pick<Message, 'metadata'>): readonly string[] {
  const used = message.metadata['articles'];
  return Array.isArray(used) ? used.filter((each): each is string => typeof each === 'string') : [];
}
