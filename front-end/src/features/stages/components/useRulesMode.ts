import { useQuery } from '@tanstack/react-query';
import { texts } from '@/config/texts';
import { modelStatusQuery } from '@/lib/queries';

/** Whether no model is connected, so that rules answer. False until that is known. */
export function useRulesMode(): boolean {
  return useQuery(modelStatusQuery()).data?.status === 'none';
}

/** What is said when a template has been saved. Without a model, no message uses it. */
export function useSavedText(): string {
  return useRulesMode() ? texts.templates.savedInRulesMode : texts.templates.savedTry;
}
