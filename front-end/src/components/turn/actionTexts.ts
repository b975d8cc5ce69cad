/** What became of an action, in words. */

import { texts } from '@/config/texts';
import { fieldNameInText } from '@/lib/fieldNames';
import { humanize } from '@/lib/format';
import { formatList } from '@/lib/intl';
import type { ActionOutcome } from '@/lib/types';

const words = texts.turn.actions;

/** The result of an action in the trace. */
export interface ActionResult extends Omit<ActionOutcome, 'name'> {
  index: number;
  name?: string;
  message?: string;
  missing?: string[];
  data?: unknown;
  call?: Record<string, unknown>;
  hand_over?: boolean;
}

/** The results of the step `actions`, or null if the output has none. */
export function actionResultsOf(output: Record<string, unknown> | null): ActionResult[] | null {
  const results = output?.['results'];
  return Array.isArray(results) ? (results as ActionResult[]) : null;
}

/** What the action is called: its name, or else what it does. */
export function actionLabel({ do: kind, name }: Pick<ActionOutcome, 'do' | 'name'>): string {
  return name ?? words.kinds[kind] ?? humanize(kind);
}

/** Why the action was not done. */
export function causeText(cause: string | null): string {
  return cause === null ? '' : (words.causes[cause] ?? humanize(cause).toLowerCase());
}

/** One line for the conversation; null if nothing happened that people need to know. */
export function actionLine(outcome: ActionOutcome, isLatest: boolean): string | null {
  switch (outcome.status) {
    case 'done':
      return doneLine(outcome);
    case 'failed':
      return words.failed({ name: actionLabel(outcome), cause: causeText(outcome.cause) });
    case 'waiting': // later turns say what the customer has answered
      return isLatest ? words.waiting({ name: actionLabel(outcome) }) : null;
    case 'skipped':
      return outcome.cause === 'declined' || outcome.cause === 'unconfirmed'
        ? words.notDone({ name: actionLabel(outcome), cause: causeText(outcome.cause) })
        : null;
  }
}

function doneLine(outcome: ActionOutcome): string {
  const { order_number: number, ...values } = outcome.values as Record<string, unknown>;
  const fields = formatList(Object.keys(values).map((field) => fieldNameInText(field)));
  switch (outcome.do) {
    case 'update_order':
      return words.orderChanged({ number: String(number), fields });
    case 'update_customer':
      return words.customerChanged({ fields });
    case 'create_event':
      return words.eventRecorded({ type: String(values['event_type']) });
    case 'set_field':
      return words.fieldsSet({ names: fields });
    case 'tag':
      return words.tagsChanged({ tags: formatList([...tagsOf(values['add'], '+'), ...tagsOf(values['remove'], '−')]) });
    default:
      return words.done({ name: actionLabel(outcome) });
  }
}

function tagsOf(tags: unknown, sign: string): string[] {
  return Array.isArray(tags) ? tags.map((tag) => `${sign}${String(tag)}`) : [];
}

/** What became of all actions, in one sentence each. */
export function actionsSentences(results: readonly Pick<ActionResult, 'do' | 'status' | 'cause' | 'name'>[]): string {
  return results
    .map(({ do: kind, name, status, cause }) => {
      const why = cause === null ? '' : ` (${causeText(cause)})`;
      return `${actionLabel({ do: kind, name: name ?? null })}: ${words.statuses[status] ?? status}${why}.`;
    })
    .join(' ');
}

/** Whether an action of the last turn waits until the customer answers yes or no. */
export function isWaitingForAnswer(turns: readonly { status: string; actions: readonly ActionOutcome[] }[]): boolean {
  const last = turns.at(-1);
  return last?.status === 'completed' && last.actions.some((each) => each.status === 'waiting');
}
