import { expect, test, vi } from 'vitest';
import { isComplete, settingsOf, testOf, valuesOf } from './modelForm';

const SERVER = { url: 'https://a.example/v1', model: 'llama', secret: 'model_server_key' };

test('own server keeps the settings of the platform’s model and the stored key', async () => {
  const before = { model: 'nano', model_server: SERVER };
  const values = { ...valuesOf(before), temperature: '0.5', max_tokens: '' };
  const changes = await settingsOf(values, before, vi.fn());
  expect(changes).toEqual({ temperature: 0.5, max_tokens: undefined, timeout: undefined, model_server: SERVER });
});

test('new key replaces the stored one only for the same server', async () => {
  const before = { model_server: SERVER };
  const storeKey = vi.fn(async (_value: string, replaced?: string) => replaced ?? 'model_server_key_2');
  const values = { ...valuesOf(before), key: 'sk-new-key' };
  expect((await settingsOf(values, before, storeKey)).model_server).toEqual(SERVER);
  const moved = { ...values, url: ' https://b.example/v1 ' };
  expect((await settingsOf(moved, before, storeKey)).model_server).toEqual({
    url: 'https://b.example/v1',
    model: 'llama',
    secret: 'model_server_key_2',
  });
  expect(storeKey.mock.calls).toEqual([
    ['sk-new-key', 'model_server_key'],
    ['sk-new-key', undefined],
  ]);
});

test('platform’s model removes the own server', async () => {
  const values = { ...valuesOf({ model_server: SERVER }), uses: 'platform' as const };
  const changes = await settingsOf(values, {}, vi.fn());
  expect(changes).toHaveProperty('model_server', undefined);
});

test('test sends the key that is not stored yet', () => {
  const values = { ...valuesOf({}), uses: 'own' as const, url: 'https://a.example', ownModel: 'b', key: 'sk-123456' };
  expect(testOf(values)).toEqual({ model_server: { url: 'https://a.example', model: 'b' }, api_key: 'sk-123456' });
  expect(testOf({ ...values, uses: 'platform', model: 'nano', timeout: '5' })).toEqual({ model: 'nano', timeout: 5 });
});

test('own server needs a URL, a model, and no key or a whole one', () => {
  const values = { ...valuesOf({ model_server: SERVER }) };
  expect(isComplete(values)).toBe(true);
  expect(isComplete({ ...values, url: 'a.example' })).toBe(false);
  expect(isComplete({ ...values, ownModel: ' ' })).toBe(false);
  expect(isComplete({ ...values, key: 'short' })).toBe(false);
});
