import { expect, test } from 'vitest';
import { stagesUsing } from './stagesUsing';

test('stages that use a secret in a look-up or an action are found', () => {
  const call = (url: string) => ({ method: 'api_call', config: { url, headers: { Key: 'Bearer {secret.crm_key}' } } });
  const stages = [
    { stage_name: 'Look-up', data_retrieval: call('https://a.example'), actions: [] },
    { stage_name: 'Action', data_retrieval: {}, actions: [{ do: 'api_call' as const, with: {} }] },
    { stage_name: 'None', data_retrieval: call('https://{secret.crm}'), actions: [] },
  ] as Parameters<typeof stagesUsing>[1];
  expect(stagesUsing('crm_key', stages)).toEqual(['Look-up', 'None']);
  expect(stagesUsing('crm', stages)).toEqual(['None']);
  expect(stagesUsing('key', stages)).toEqual([]);
});
