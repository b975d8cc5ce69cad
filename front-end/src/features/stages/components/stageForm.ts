/** A stage as edited in the form, and its conversion to API requests. */

import { type StageTexts, examplesOf } from './StageTextFields';
import type { DataRetrieval, Stage, StageCreate, StageUpdate, StageAgents } from '@/lib/types';
import { filledIn } from '@/lib/translations';
import type { Action } from './actionForm';

export interface StageForm extends StageTexts {
  stage_type: string;
  agents: StageAgents;
  is_active: boolean;
  position: string;
  confidence_threshold: string;
  extraction_schema: Record<string, unknown> | null;
  data_retrieval: DataRetrieval;
  actions: Action[];
  stage_selection_template_id: string;
  data_extraction_template_id: string;
  response_generation_template_id: string;
}

export const NEW_STAGE: StageForm = {
  stage_name: '',
  stage_description: '',
  stage_type: '',
  agents: [],
  is_active: true,
  position: '',
  confidence_threshold: '',
  examples: '',
  fixed_reply: '',
  fixed_reply_translations: {},
  extraction_schema: null,
  data_retrieval: { method: 'none' },
  actions: [],
  stage_selection_template_id: '',
  data_extraction_template_id: '',
  response_generation_template_id: '',
};

export function formOf(stage: Stage): StageForm {
  return {
    stage_name: stage.stage_name,
    stage_description: stage.stage_description,
    stage_type: stage.stage_type,
    agents: stage.agents,
    is_active: stage.is_active,
    position: String(stage.position),
    confidence_threshold: stage.confidence_threshold === null ? '' : String(stage.confidence_threshold),
    examples: stage.example_messages.join('\n'),
    fixed_reply: stage.fixed_reply ?? '',
    fixed_reply_translations: stage.fixed_reply_translations,
    extraction_schema: stage.extraction_schema,
    data_retrieval: stage.data_retrieval as DataRetrieval,
    actions: stage.actions as Action[],
    stage_selection_template_id: stage.stage_selection_template_id,
    data_extraction_template_id: stage.data_extraction_template_id,
    response_generation_template_id: stage.response_generation_template_id,
  };
}

/** Whether the text is empty or a number from 0 to 1. */
export function isValidThreshold(text: string): boolean {
  return isBetween(text, 0, 1);
}

/** Whether the text is empty or an integer from 0 to 1,000,000. */
export function isValidPosition(text: string): boolean {
  return isBetween(text, 0, 1_000_000) && !text.includes('.');
}

/** The fields that differ from `before`, in the API's format. */
export function changesOf(form: StageForm, before: StageForm): StageUpdate {
  const now = bodyOf(form);
  const old = bodyOf(before);
  const changed = (Object.keys(now) as (keyof typeof now)[]).filter(
    (name) => JSON.stringify(now[name]) !== JSON.stringify(old[name]),
  );
  return Object.fromEntries(changed.map((name) => [name, now[name]])) as StageUpdate;
}

/** The request that creates a stage. Empty fields are left out: the server then copies the default templates. */
export function createOf(form: StageForm): StageCreate {
  return { ...changesOf(form, NEW_STAGE), stage_name: form.stage_name.trim() } as StageCreate;
}

function bodyOf(form: StageForm) {
  return {
    stage_name: form.stage_name.trim(),
    stage_description: form.stage_description.trim(),
    stage_type: form.stage_type.trim() || undefined,
    agents: form.agents,
    is_active: form.is_active,
    position: form.position.trim() ? Number(form.position) : undefined,
    confidence_threshold: form.confidence_threshold.trim() ? Number(form.confidence_threshold) : null,
    example_messages: examplesOf(form.examples),
    fixed_reply: form.fixed_reply.trim() ? form.fixed_reply : null,
    fixed_reply_translations: filledIn(form.fixed_reply_translations),
    extraction_schema: form.extraction_schema,
    data_retrieval: form.data_retrieval,
    actions: form.actions,
    stage_selection_template_id: form.stage_selection_template_id || undefined,
    data_extraction_template_id: form.data_extraction_template_id || undefined,
    response_generation_template_id: form.response_generation_template_id || undefined,
  };
}

function isBetween(text: string, min: number, max: number): boolean {
  const number = Number(text);
  return !text.trim() || (number >= min && number <= max);
}
