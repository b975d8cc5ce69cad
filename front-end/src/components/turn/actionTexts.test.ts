import { expect, test } from 'vitest';
import type { ActionOutcome } from '@/lib/types';
import { actionLine, actionsSentences, isWaitingForAnswer } from './actionTexts';

function outcome(rest: Partial<ActionOutcome>): ActionOutcome {
  return { do: 'update_order', name: null, status: 'done', cause: null, values: {}, ...rest };
}

test.each<[Partial<ActionOutcome>, string | null]>([
  [{ values: { order_number: '1042', shipping_address: '5 Elm Street' } }, 'Order 1042 changed: shipping address'],
  [{ do: 'update_customer', values: { phone: '1', email: 'a@b.example' } }, 'Customer changed: phone, email'],
  [{ do: 'create_event', values: { event_type: 'moved' } }, 'Event recorded: moved'],
  [{ do: 'tag', values: { add: ['moved'], remove: ['new'] } }, 'Tags: +moved, −new'],
  [{ do: 'api_call', name: 'Book a slot' }, 'Done: Book a slot'],
  [{ do: 'complete' }, 'Done: Close the conversation'],
  [{ status: 'failed', cause: 'not_found' }, 'Failed: Change an order (the customer has no such order)'],
  [{ status: 'failed', cause: 'status_503', do: 'api_call' }, 'Failed: Call another system (status 503)'],
  [{ status: 'skipped', cause: 'declined' }, 'Not done: Change an order (the customer said no)'],
  [{ status: 'skipped', cause: 'missing_fields' }, null],
])('%j is described as %j', (rest, line) => {
  expect(actionLine(outcome(rest), true)).toBe(line);
});

test('all outcomes are described in the trace', () => {
  const results = [
    { do: 'update_order', name: 'Change the address', status: 'done' as const, cause: null },
    { do: 'api_call', status: 'skipped' as const, cause: 'test_customer' },
  ];
  expect(actionsSentences(results)).toBe(
    'Change the address: done. Call another system: not done (other systems are not called for test customers).',
  );
});

test('an action waits only in the latest turn', () => {
  const waiting = outcome({ status: 'waiting' });
  expect(actionLine(waiting, true)).toBe('Waiting for the customer’s answer: Change an order');
  expect(actionLine(waiting, false)).toBeNull();
  const turn = { status: 'completed', actions: [waiting] };
  expect(isWaitingForAnswer([turn])).toBe(true);
  expect(isWaitingForAnswer([turn, { status: 'completed', actions: [] }])).toBe(false);
  expect(isWaitingForAnswer([])).toBe(false);
});
