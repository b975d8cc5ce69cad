import { findPlaceholders } from '@/lib/placeholders';
import type { Stage } from '@/lib/types';

/** The names of the stages whose look-up or actions use the secret. */
export function stagesUsing(
  secret: string,
  stages: readonly Pick<Stage, 'stage_name' | 'data_retrieval' | 'actions'>[],
): string[] {
  const uses = (value: unknown): boolean => {
    if (typeof value === 'string') return findPlaceholders(value).some((each) => each.name === `secret.${secret}`);
    return typeof value === 'object' && value !== null && Object.values(value).some(uses);
  };
  return stages.filter((each) => uses([each.data_retrieval, each.actions])).map((each) => each.stage_name);
}
