import type { Business, Stage, Starter } from '@/lib/types';
import { STARTER_LANGUAGES, type StarterLanguage } from '../api/welcome';

/** The language of the business, or else of the browser, if there are starters in it; otherwise English. */
export function starterLanguageOf({ settings }: Pick<Business, 'settings'>): StarterLanguage {
  const [language] = (settings.languages?.[0] ?? navigator.language).split('-');
  return STARTER_LANGUAGES.find((each) => each === language) ?? 'en';
}

/** Whether the business has exactly the stages of the starter. */
export function isInUse(starter: Starter, stages: readonly Stage[]): boolean {
  const names = new Set(stages.map((each) => each.stage_name));
  return names.size === starter.stages.length && starter.stages.every((name) => names.has(name));
}
