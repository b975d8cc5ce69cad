/** Which stages use a template. */

import type { Stage } from '@/lib/types';

export const PROMPT_TYPES = ['stage_selection', 'data_extraction', 'response_generation'] as const;
export type PromptType = (typeof PROMPT_TYPES)[number];

type Prompts = Pick<Stage, `${PromptType}_template_id`>;

export function templateIdsOf(stage: Prompts): string[] {
  return PROMPT_TYPES.map((type) => stage[`${type}_template_id`]);
}

/** The names of the stages that use the template, in their order. */
export function stageNamesUsing(
  stages: readonly (Prompts & Pick<Stage, 'stage_name'>)[],
  templateId: string,
): string[] {
  return stages.filter((each) => templateIdsOf(each).includes(templateId)).map((each) => each.stage_name);
}
