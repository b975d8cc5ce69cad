import { expect, test } from 'vitest';
import {
  type Action,
  KINDS,
  actionProblemsOf,
  collectedFieldsOf,
  firstValuesOf,
  isActionForm,
  problemText,
  withKind,
  withPart,
} from './actionForm';

const ADDRESS: Action = {
  do: 'update_order',
  name: 'Change the delivery address',
  when: { fields: ['shipping_address'], if: { anyOf: [{ required: ['country'] }] } },
  with: { order_number: '{order_number}', shipping_address: '{shipping_address}' },
  confirm: 'Shall I change it?',
  on_failure: 'hand_over',
};

test.each<Action>([
  ADDRESS,
  { do: 'update_customer', with: { phone: '{phone}' } },
  { do: 'api_call', with: { method: 'POST', url: 'https://a.example', body: { ids: [1] } } },
  { do: 'create_event', with: { event_type: 'address_changed', properties: { total: 5 } } },
  { do: 'set_field', with: { is_checked: 'yes' } },
  { do: 'tag', with: { add: ['address'], remove: [] } },
  { do: 'hand_over' },
  { do: 'complete', with: {} },
])('the form shows %j', (action) => {
  expect(isActionForm(action)).toBe(true);
});

test.each<Action>([
  { do: 'refund', with: {} },
  { ...ADDRESS, on_failure: 'retry' },
  { ...ADDRESS, with: { order_number: 5 } },
  { ...ADDRESS, with: { order_total: '0' } },
  { ...ADDRESS, when: { fields: 'shipping_address' } as unknown as NonNullable<Action['when']> },
  { ...ADDRESS, unknown: 1 } as Action,
  { do: 'api_call', with: { method: 'POST', url: 'https://a.example', ask: 'Which?' } },
  { do: 'tag', with: { add: ['two\nlines'] } },
  { do: 'hand_over', with: { to: 'Anna' } },
])('the form cannot show %j', (action) => {
  expect(isActionForm(action)).toBe(false);
});

test('the form shows a new action of every kind', () => {
  for (const kind of KINDS) expect(isActionForm(withKind(ADDRESS, kind, []))).toBe(true);
});

test('a new action changes a permitted field', () => {
  expect(firstValuesOf('update_order', ['status'])).toEqual({ order_number: '{order_number}', status: '{status}' });
  expect(firstValuesOf('update_customer', ['email'])).toEqual({ email: '{email}' });
});

test('another kind keeps what does not depend on it', () => {
  const { with: _, ...rest } = ADDRESS;
  expect(withKind(ADDRESS, 'hand_over', [])).toEqual({ ...rest, do: 'hand_over' });
});

test('empty parts are left out', () => {
  expect(withPart(ADDRESS, 'confirm', '')).not.toHaveProperty('confirm');
  expect(withPart(ADDRESS, 'when', {})).not.toHaveProperty('when');
  expect(withPart({ do: 'set_field' }, 'with', {})).toEqual({ do: 'set_field', with: {} });
});

test('errors of the server belong to their action', () => {
  const found = actionProblemsOf([
    { path: '$.actions[1].with.shipping_address', message: 'May not be changed.' },
    { path: "$.actions[10].with.headers['X Y']", message: 'Bad.' },
    { path: '$.actions', message: 'Too many.' },
    { path: '$.actionable', message: 'Other.' },
  ]);
  expect([...found.keys()]).toEqual([1, 10, -1]);
  expect(found.get(1)?.map(problemText)).toEqual(['Shipping address: May not be changed.']);
  expect(found.get(10)?.map(problemText)).toEqual(['Headers › X Y: Bad.']);
  expect(found.get(-1)?.map(problemText)).toEqual(['Too many.']);
});

test('collected fields have the types of the schema', () => {
  const schema = {
    type: 'object',
    properties: { size: { type: 'string', enum: ['S', 'M'] }, total: { type: 'number' } },
  };
  expect(collectedFieldsOf(schema)).toEqual([
    { name: 'size', type: 'string', choices: ['S', 'M'] },
    { name: 'total', type: 'number', choices: [] },
  ]);
  expect(collectedFieldsOf({ ...schema, allOf: [] }).map((each) => each.name)).toEqual(['size', 'total']);
  expect(collectedFieldsOf(null)).toEqual([]);
});
