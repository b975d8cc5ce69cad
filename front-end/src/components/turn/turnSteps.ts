/** The steps of a turn for display, from the stored trace or from the events of a running turn. */

import { texts } from '@/config/texts';
import { formatDollars, formatList } from '@/lib/intl';
import type { ServerEvent } from '@/lib/sse';
import type { MessageAnswer, StepName, TurnDetail, TurnStep } from '@/lib/types';

const STEPS: readonly StepName[] = ['selection', 'extraction', 'retrieval', 'actions', 'response'];

export interface StepView {
  name: StepName;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped';
  /** The attempt that counts, followed by the other attempts. */
  attempts: TurnStep[];
  /** The result reported by an event of the running turn. */
  note: string | null;
}

/** Total duration in milliseconds, and tokens and cost of all model calls. */
export interface Cost {
  milliseconds: number;
  promptTokens: number;
  completionTokens: number;
  dollars: number;
  calls: number;
}

export function costOf(steps: readonly TurnStep[]): Cost {
  const total: Cost = { milliseconds: 0, promptTokens: 0, completionTokens: 0, dollars: 0, calls: 0 };
  for (const step of steps) {
    total.milliseconds += Math.max(0, Date.parse(step.finished_at) - Date.parse(step.started_at));
    for (const call of step.calls) {
      total.promptTokens += call.prompt_tokens ?? 0;
      total.completionTokens += call.completion_tokens ?? 0;
      total.dollars += call.cost_usd ?? 0;
      total.calls += 1;
    }
  }
  return total;
}

/** The steps that started before the stage was known and were not used. */
export function discardedOf(steps: readonly TurnStep[]): TurnStep[] {
  return steps.filter((each) => each.discarded && each.calls.length > 0);
}

/** The milliseconds by which the reply was earlier because it started before the stage was known. */
export function savedTimeOf(steps: readonly TurnStep[]): number | null {
  const saved = steps.find((each) => each.step === 'response' && !each.discarded)?.output?.['saved_ms'];
  return typeof saved === 'number' ? saved : null;
}

/** What steps have cost, in a sentence. Models without a price have no cost. */
export function costText(steps: readonly TurnStep[]): string {
  const { dollars, promptTokens, completionTokens } = costOf(steps);
  const tokens = texts.common.tokens({ n: promptTokens + completionTokens });
  return dollars > 0 ? texts.turn.cost({ dollars: formatDollars(dollars), tokens }) : texts.turn.usage({ tokens });
}

/** The duration of a turn in milliseconds. Steps that ran in parallel count once. */
export function elapsedOf(turn: Pick<TurnDetail, 'started_at' | 'completed_at'>): number | null {
  if (!turn.started_at || !turn.completed_at) return null;
  return Math.max(0, Date.parse(turn.completed_at) - Date.parse(turn.started_at));
}

/** The steps of a stored turn. Each shows its last attempt that was not discarded. Actions appear only if they ran. */
export function stepsOfTurn(turn: TurnDetail): StepView[] {
  const hasEnded = turn.status === 'completed' || turn.status === 'failed';
  return STEPS.filter((step) => step !== 'actions' || turn.steps.some((each) => each.step === step)).map((step) => {
    const rows = turn.steps.filter((each) => each.step === step);
    const valid = rows.filter((each) => !each.discarded);
    const last = valid.at(-1) ?? rows.at(-1);
    const attempts = last ? [last, ...rows.filter((each) => each !== last)] : [];
    if (!last) return { name: step, state: hasEnded ? 'skipped' : 'waiting', attempts, note: null };
    return { name: step, state: last.status === 'failed' ? 'failed' : 'done', attempts, note: null };
  });
}

export interface LiveTurn {
  status: 'running' | 'finished' | 'held' | 'failed';
  turnId: string | null;
  conversationId: string | null;
  /** The part of the reply received so far. */
  reply: string;
  steps: Partial<Record<StepName, 'running' | 'done'>>;
  notes: Partial<Record<StepName, string>>;
  answer: MessageAnswer | null;
}

export const NEW_LIVE_TURN: LiveTurn = {
  status: 'running',
  turnId: null,
  conversationId: null,
  reply: '',
  steps: {},
  notes: {},
  answer: null,
};

/** Returns the turn after an event. Unknown events are ignored because a newer server may send them. */
export function applyEvent(turn: LiveTurn, { event, data }: ServerEvent): LiveTurn {
  const next: LiveTurn = {
    ...turn,
    turnId: text(data['turn_id']) ?? turn.turnId,
    conversationId: text(data['conversation_id']) ?? turn.conversationId,
  };
  const step = STEPS.find((each) => each === data['step']);
  switch (event) {
    case 'step_started':
      return step ? { ...next, steps: { ...next.steps, [step]: 'running' } } : next;
    case 'step_finished': {
      if (!step) return next;
      const note = noteOf(data);
      return {
        ...next,
        steps: { ...next.steps, [step]: 'done' },
        notes: note ? { ...next.notes, [step]: note } : next.notes,
      };
    }
    case 'message_delta':
      return { ...next, reply: next.reply + (text(data['delta']) ?? '') };
    case 'message_reset':
      return { ...next, reply: '' };
    case 'turn_finished':
      return {
        ...next,
        status: 'finished',
        reply: text(data['response']) ?? '',
        answer: data as unknown as MessageAnswer,
      };
    case 'turn_held':
      return { ...next, status: 'held', reply: '', answer: data as unknown as MessageAnswer };
    case 'error':
      return { ...next, status: 'failed', reply: '' };
    default:
      return next;
  }
}

export function stepsOfLiveTurn(turn: LiveTurn): StepView[] {
  return STEPS.filter((step) => step !== 'actions' || turn.steps.actions).map((step) => ({
    name: step,
    state: turn.steps[step] ?? (turn.status === 'running' ? 'waiting' : 'skipped'),
    attempts: [],
    note: turn.notes[step] ?? null,
  }));
}

function noteOf(data: Record<string, unknown>): string | null {
  const decision = text(data['decision']);
  if (decision) return decision;
  const { stage, extracted_data: fields } = data;
  if (typeof stage === 'object' && stage !== null) return text((stage as Record<string, unknown>)['stage_name']);
  if (typeof fields !== 'object' || fields === null) return null;
  return Object.keys(fields).length
    ? texts.turn.found({ fields: formatList(Object.keys(fields)) })
    : texts.turn.foundNothing;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
