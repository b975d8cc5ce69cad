/** A template as it stands in the editor: texts as typed, numbers as typed. */

import type { ModelSettings, Template, TemplateUpdate } from '@/lib/types';

export interface Draft {
  name: string;
  systemPrompt: string;
  content: string;
  model: string;
  temperature: string;
  maxTokens: string;
  timeout: string;
  fallbackModel: string;
}

const SETTINGS = [
  { field: 'temperature', name: 'temperature', least: 0, most: 2, whole: false },
  { field: 'maxTokens', name: 'max_tokens', least: 1, most: 100_000, whole: true },
  { field: 'timeout', name: 'timeout', least: 0.001, most: 600, whole: false },
] as const;

export function draftOf(row: Pick<Template, 'template_name' | 'system_prompt' | 'content' | 'model_settings'>): Draft {
  const settings = row.model_settings as ModelSettings;
  return {
    name: row.template_name,
    systemPrompt: row.system_prompt ?? '',
    content: row.content,
    model: settings.model ?? '',
    temperature: shown(settings.temperature),
    maxTokens: shown(settings.max_tokens),
    timeout: shown(settings.timeout),
    fallbackModel: settings.fallback_model ?? '',
  };
}

export function isSame(a: Draft, b: Draft): boolean {
  return (Object.keys(a) as (keyof Draft)[]).every((name) => a[name] === b[name]);
}

export function problemsOf(draft: Draft): Partial<Record<keyof Draft, 'name' | 'number'>> {
  const problems: Partial<Record<keyof Draft, 'name' | 'number'>> = {};
  if (!draft.name.trim()) problems.name = 'name';
  for (const { field, least, most, whole } of SETTINGS) {
    const text = draft[field].trim();
    const number = Number(text);
    if (text && !(number >= least && number <= most && (!whole || Number.isInteger(number))))
      problems[field] = 'number';
  }
  return problems;
}

/** What goes out: only what differs from the row that was read, so that two people's edits of different parts meet. */
export function changesOf(draft: Draft, before: Draft): TemplateUpdate {
  const changes: TemplateUpdate = {};
  if (draft.name !== before.name) changes.template_name = draft.name.trim();
  if (draft.systemPrompt !== before.systemPrompt) changes.system_prompt = draft.systemPrompt;
  if (draft.content !== before.content) changes.content = draft.content;
  const settings = settingsOf(draft);
  if (JSON.stringify(settings) !== JSON.stringify(settingsOf(before))) changes.model_settings = settings;
  return changes;
}

function settingsOf(draft: Draft): ModelSettings {
  const settings: ModelSettings = {};
  if (draft.model.trim()) settings.model = draft.model.trim();
  for (const { field, name } of SETTINGS) if (draft[field].trim()) settings[name] = Number(draft[field]);
  if (draft.fallbackModel.trim()) settings.fallback_model = draft.fallbackModel.trim();
  return settings;
}

function shown(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
