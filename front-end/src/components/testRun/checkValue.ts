import { plain } from '@/components/plain';
import { actionLabel } from '@/components/turn/actionTexts';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { isObject } from '@/lib/format';
import { formatNumber } from '@/lib/intl';
import { languageLabel } from '@/lib/languages';
import type { TestResult } from '@/lib/types';

type CheckName = TestResult['turns'][number]['checks'][number]['check'];

/** What was expected, or what happened, in words. */
export function checkValue(check: CheckName, value: unknown): string {
  if (check === 'look_up') return texts.turn.retrievalStatuses[String(value)] ?? plain(value);
  if (check === 'language' && typeof value === 'string') return languageLabel(value);
  if (check === 'action') return (Array.isArray(value) ? value : [value]).map(actionOf).join('; ') || '–';
  if (check === 'judged' && isObject(value)) return judgedOf(value);
  if (typeof value === 'number') return formatNumber(value);
  return plain(value);
}

function actionOf(value: unknown): string {
  if (!isObject(value)) return plain(value);
  const { name, do: kind, status } = value;
  const label = actionLabel({ do: String(kind ?? ''), name: typeof name === 'string' ? name : null });
  const statuses: Record<string, string> = testCasesTexts.actionStatuses;
  return `${label} · ${statuses[String(status ?? 'done')] ?? String(status)}`;
}

/** The sentence with the minimum score, or the score with its reason. */
function judgedOf({ sentence, threshold, score, reason }: Record<string, unknown>): string {
  if (sentence !== undefined) return `${plain(sentence)} (≥ ${formatNumber(Number(threshold))})`;
  return typeof score === 'number' ? `${formatNumber(score)} · ${plain(reason)}` : plain(reason);
}
