/** A template as edited in the form: numbers are kept as the text that was typed. */

import type { ModelSettings, Template, TemplateUpdate } from '@/lib/types';

export interface Draft {
  name: string;
  systemPrompt: string;
  content: string;
  model: string;
  temperature: string;
  maxTokens: string;
  historyTokens: string;
  timeout: string;
  fallbackModel: string;
}

export type NumberSetting = 'temperature' | 'maxTokens' | 'historyTokens' | 'timeout';

/** The numeric settings: the API's name and the allowed range. */
export const NUMBER_SETTINGS: Record<
  NumberSetting,
  { name: 'temperature' | 'max_tokens' | 'history_tokens' | 'timeout'; min: number; max: number; isInteger: boolean }
> = {
  temperature: { name: 'temperature', min: 0, max: 2, isInteger: false },
  maxTokens: { name: 'max_tokens', min: 1, max: 100_000, isInteger: true },
  historyTokens: { name: 'history_tokens', min: 50, max: 100_000, isInteger: true },
  timeout: { name: 'timeout', min: 0.001, max: 600, isInteger: false },
};

export function draftOf(row: Pick<Template, 'template_name' | 'system_prompt' | 'content' | 'model_settings'>): Draft {
  const settings = row.model_settings as ModelSettings;
  return {
    name: row.template_name,
    systemPrompt: row.system_prompt ?? '',
    content: row.content,
    model: settings.model ?? '',
    temperature: toText(settings.temperature),
    maxTokens: toText(settings.max_tokens),
    historyTokens: toText(settings.history_tokens),
    timeout: toText(settings.timeout),
    fallbackModel: settings.fallback_model ?? '',
  };
}

export function isSame(a: Draft, b: Draft): boolean {
  return (Object.keys(a) as (keyof Draft)[]).every((name) => a[name] === b[name]);
}

/** Whether the text is empty or a number in the setting's range. */
export function isValidSetting(setting: NumberSetting, text: string): boolean {
  if (!text.trim()) return true;
  const { min, max, isInteger } = NUMBER_SETTINGS[setting];
  const value = Number(text);
  return value >= min && value <= max && (!isInteger || Number.isInteger(value));
}

/** The number in the text, or null if there is none in the setting's range. */
export function settingValue(setting: NumberSetting, text: string): number | null {
  return text.trim() && isValidSetting(setting, text) ? Number(text) : null;
}

/** The update request with only the fields that differ from the loaded row, so that edits of different fields by two people do not conflict. */
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
  for (const field of Object.keys(NUMBER_SETTINGS) as NumberSetting[]) {
    if (draft[field].trim()) settings[NUMBER_SETTINGS[field].name] = Number(draft[field]);
  }
  if (draft.fallbackModel.trim()) settings.fallback_model = draft.fallbackModel.trim();
  return settings;
}

function toText(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
