import { expect, test } from 'vitest';
import type { TurnDetail, TurnStep } from '@/lib/types';
import {
  NEW_LIVE_TURN,
  applyEvent,
  costOf,
  costText,
  discardedOf,
  elapsedOf,
  savedTimeOf,
  stepsOfLiveTurn,
  stepsOfTurn,
} from './turnSteps';

function step(name: TurnStep['step'], rest: Partial<TurnStep> = {}): TurnStep {
  return {
    step: name,
    attempt: 1,
    status: 'completed',
    discarded: false,
    engine: 'model',
    output: {},
    decision: 'Because.',
    variables: [],
    started_at: '2026-01-01T00:00:00.000+00:00',
    finished_at: '2026-01-01T00:00:00.250+00:00',
    calls: [],
    ...rest,
  };
}

function turn(steps: TurnStep[], status: TurnDetail['status'] = 'completed'): TurnDetail {
  return { steps, status, started_at: '2026-01-01T00:00:00Z', completed_at: '2026-01-01T00:00:01Z' } as TurnDetail;
}

test('a discarded attempt does not represent its step', () => {
  const good = step('extraction', { attempt: 2 });
  const steps = stepsOfTurn(turn([step('selection'), step('extraction', { discarded: true }), good, step('response')]));
  expect(steps.map((each) => each.state)).toEqual(['done', 'done', 'skipped', 'done']);
  expect(steps[1]?.attempts[0]).toBe(good);
  expect(steps[1]?.attempts).toHaveLength(2);
});

test('actions are shown only if they ran', () => {
  expect(stepsOfTurn(turn([step('response')])).map((each) => each.name)).not.toContain('actions');
  expect(stepsOfTurn(turn([step('actions'), step('response')])).map((each) => each.name)).toContain('actions');
  const running = applyEvent(NEW_LIVE_TURN, { event: 'step_started', data: { step: 'actions' } });
  expect(stepsOfLiveTurn(NEW_LIVE_TURN).map((each) => each.name)).not.toContain('actions');
  expect(stepsOfLiveTurn(running).map((each) => each.name)).toContain('actions');
});

test('a failed turn shows the failed step', () => {
  const steps = stepsOfTurn(turn([step('selection'), step('extraction', { status: 'failed' })], 'failed'));
  expect(steps.map((each) => each.state)).toEqual(['done', 'failed', 'skipped', 'skipped']);
});

test('costs are summed over steps and calls', () => {
  const call = { prompt_tokens: 10, completion_tokens: 2, cost_usd: 0.5 } as TurnStep['calls'][number];
  const unpriced = { prompt_tokens: null, completion_tokens: null, cost_usd: null } as TurnStep['calls'][number];
  expect(costOf([step('extraction', { calls: [call, unpriced] }), step('response')])).toEqual({
    milliseconds: 500,
    promptTokens: 10,
    completionTokens: 2,
    dollars: 0.5,
    calls: 2,
  });
  expect(elapsedOf(turn([]))).toBe(1000);
  expect(elapsedOf({ started_at: null, completed_at: null })).toBeNull();
});

test('time saved and cost of speculative steps are shown', () => {
  const call = { prompt_tokens: 100, completion_tokens: 20, cost_usd: 0.0001 } as TurnStep['calls'][number];
  const unpriced = { ...call, cost_usd: null };
  const used = step('response', { output: { reply: 'Hello.', saved_ms: 310 }, calls: [call] });
  const unused = step('response', { discarded: true, output: { reply: 'No.' }, calls: [call] });
  expect(savedTimeOf([step('selection'), used])).toBe(310);
  expect(savedTimeOf([unused, step('response')])).toBeNull();
  expect(discardedOf([used, unused])).toEqual([unused]);
  expect(costText([unused])).toBe('It cost $0.00010 (120 tokens).');
  expect(costText([{ ...unused, calls: [unpriced] }])).toBe('It used 120 tokens.');
});

test('events of a running turn build, reset and finish the reply', () => {
  const events = [
    { event: 'turn_started', data: { turn_id: 't', conversation_id: 'c' } },
    { event: 'step_started', data: { turn_id: 't', step: 'selection' } },
    { event: 'step_finished', data: { turn_id: 't', step: 'selection', stage: { stage_name: 'Order help' } } },
    { event: 'step_started', data: { turn_id: 't', step: 'response' } },
    { event: 'message_delta', data: { turn_id: 't', delta: 'It ' } },
    { event: 'message_delta', data: { turn_id: 't', delta: 'is' } },
    { event: 'ping', data: { turn_id: 't' } },
  ];
  const running = events.reduce(applyEvent, NEW_LIVE_TURN);
  expect(running).toMatchObject({ turnId: 't', conversationId: 'c', reply: 'It is', status: 'running' });
  expect(stepsOfLiveTurn(running).map((each) => each.state)).toEqual(['done', 'waiting', 'waiting', 'running']);
  expect(stepsOfLiveTurn(running)[0]?.note).toBe('Order help');
  const afterReset = applyEvent(running, { event: 'message_reset', data: { turn_id: 't' } });
  expect(afterReset.reply).toBe('');
  const done = applyEvent(afterReset, { event: 'turn_finished', data: { turn_id: 't', response: 'On its way.' } });
  expect(done).toMatchObject({ status: 'finished', reply: 'On its way.' });
  expect(stepsOfLiveTurn(done)[1]?.state).toBe('skipped');
  expect(applyEvent(afterReset, { event: 'error', data: {} }).status).toBe('failed');
  expect(applyEvent(afterReset, { event: 'turn_held', data: { response: null } }).status).toBe('held');
});
