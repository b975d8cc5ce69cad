/** A stage as it stands in the editor's form, and the changes that go out. */

import type { DataRetrieval, Stage, StageCreate, StageUpdate } from '@/lib/types';

export interface StageForm {
  stage_name: string;
  stage_description: string;
  stage_type: string;
  agent_id: string;
  is_active: boolean;
  position: string;
  confidence_threshold: string;
  examples: string;
  fixed_reply: string;
  extraction_schema: Record<string, unknown> | null;
  data_retrieval: DataRetrieval;
  stage_selection_template_id: string;
  data_extraction_template_id: string;
  response_generation_template_id: string;
}

export const NEW_STAGE: StageForm = {
  stage_name: '',
  stage_description: '',
  stage_type: '',
  agent_id: '',
  is_active: true,
  position: '',
  confidence_threshold: '',
  examples: '',
  fixed_reply: '',
  extraction_schema: null,
  data_retrieval: { method: 'none' },
  stage_selection_template_id: '',
  data_extraction_template_id: '',
  response_generation_template_id: '',
};

export function formOf(stage: Stage): StageForm {
  return {
    stage_name: stage.stage_name,
    stage_description: stage.stage_description,
    stage_type: stage.stage_type,
    agent_id: stage.agent_id ?? '',
    is_active: stage.is_active,
    position: String(stage.position),
    confidence_threshold: stage.confidence_threshold === null ? '' : String(stage.confidence_threshold),
    examples: stage.example_messages.join('\n'),
    fixed_reply: stage.fixed_reply ?? '',
    extraction_schema: stage.extraction_schema,
    data_retrieval: stage.data_retrieval as DataRetrieval,
    stage_selection_template_id: stage.stage_selection_template_id,
    data_extraction_template_id: stage.data_extraction_template_id,
    response_generation_template_id: stage.response_generation_template_id,
  };
}

export type Problem = 'name' | 'threshold' | 'position';

export function problemsOf(form: StageForm): Problem[] {
  const problems: Problem[] = [];
  if (!form.stage_name.trim()) problems.push('name');
  if (!isBetween(form.confidence_threshold, 0, 1)) problems.push('threshold');
  if (!isBetween(form.position, 0, 1_000_000) || form.position.includes('.')) problems.push('position');
  return problems;
}

/** The members that differ from `before`, in the API's form. */
export function changesOf(form: StageForm, before: StageForm): StageUpdate {
  const now = bodyOf(form);
  const then = bodyOf(before);
  const changed = (Object.keys(now) as (keyof typeof now)[]).filter(
    (name) => JSON.stringify(now[name]) !== JSON.stringify(then[name]),
  );
  return Object.fromEntries(changed.map((name) => [name, now[name]])) as StageUpdate;
}

/** What a new stage is made with; what was left empty is left to the server: a template becomes a copy of the default. */
export function createOf(form: StageForm): StageCreate {
  return { ...changesOf(form, NEW_STAGE), stage_name: form.stage_name.trim() } as StageCreate;
}

function bodyOf(form: StageForm) {
  return {
    stage_name: form.stage_name.trim(),
    stage_description: form.stage_description.trim(),
    stage_type: form.stage_type.trim() || undefined,
    agent_id: form.agent_id || null,
    is_active: form.is_active,
    position: form.position.trim() ? Number(form.position) : undefined,
    confidence_threshold: form.confidence_threshold.trim() ? Number(form.confidence_threshold) : null,
    example_messages: form.examples
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
    fixed_reply: form.fixed_reply.trim() ? form.fixed_reply : null,
    extraction_schema: form.extraction_schema,
    data_retrieval: form.data_retrieval,
    stage_selection_template_id: form.stage_selection_template_id || undefined,
    data_extraction_template_id: form.data_extraction_template_id || undefined,
    response_generation_template_id: form.response_generation_template_id || undefined,
  };
}

function isBetween(text: string, least: number, most: number): boolean {
  const number = Number(text);
  return !text.trim() || (number >= least && number <= most);
}
