import { expect, test } from 'vitest';
import { isRetrievalForm } from './retrievalForm';

test.each([
  { method: 'none' },
  { method: 'prompt_user', config: { prompt: 'Which order?' } },
  { method: 'database_query', config: { source: 'orders', match: { order_number: '{order_number}' }, ask: 'Which?' } },
  {
    method: 'api_call',
    config: { method: 'POST', url: 'https://a.example', body: { ids: [1, 2] }, fields: { a: '/a' } },
  },
])('the form shows %j', (value) => {
  expect(isRetrievalForm(value)).toBe(true);
});

test.each([
  'none',
  { method: 'soap' },
  { method: 'none', more: 1 },
  { method: 'prompt_user', config: { prompt: 'Which?', language: 'en' } },
  { method: 'database_query', config: { source: 'orders', match: { colour: 'red' } } },
  { method: 'database_query', config: { source: 'toString' } },
  { method: 'api_call', config: { method: 'GET', url: 'https://a.example', headers: { Retry: 5 } } },
  { method: 'api_call', config: { method: 'HEAD', url: 'https://a.example' } },
])('the form cannot show %j', (value) => {
  expect(isRetrievalForm(value)).toBe(false);
});
