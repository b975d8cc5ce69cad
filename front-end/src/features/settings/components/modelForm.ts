/** The form of the model's settings, and its conversion to those of the API. */

import type { ModelTest } from '@/lib/types';
import type { SettingChanges, Settings } from '../api/settings';
import { numberOf, textOf } from './NumberField';

export const RANGES = {
  temperature: { min: 0, max: 2 },
  max_tokens: { min: 1, max: 100_000, isInteger: true },
  timeout: { min: 0.1, max: 600 },
} as const;
export const MIN_KEY_LENGTH = 8;

export interface ModelValues {
  uses: 'platform' | 'own';
  /** Of the platform; empty for its default. */
  model: string;
  url: string;
  ownModel: string;
  /** A new key; empty to keep the stored one. */
  key: string;
  /** The name of the secret with the stored key; empty if the server needs none. */
  secret: string;
  temperature: string;
  max_tokens: string;
  timeout: string;
  images: boolean;
}

export function valuesOf(settings: Settings): ModelValues {
  const server = settings.model_server;
  return {
    uses: server ? 'own' : 'platform',
    model: settings.model ?? '',
    url: server?.url ?? '',
    ownModel: server?.model ?? '',
    key: '',
    secret: server?.secret ?? '',
    temperature: textOf(settings.temperature),
    max_tokens: textOf(settings.max_tokens),
    timeout: textOf(settings.timeout),
    images: settings.images ?? false,
  };
}

/** Whether everything that is needed has been entered. */
export function isComplete({ uses, url, ownModel, key }: ModelValues): boolean {
  const isKeyValid = key === '' || key.length >= MIN_KEY_LENGTH;
  return uses === 'platform' || (/^https?:\/\/\S/i.test(url.trim()) && ownModel.trim() !== '' && isKeyValid);
}

function serverOf({ url, ownModel, secret }: ModelValues, name = secret) {
  return { url: url.trim(), model: ownModel.trim(), ...(name ? { secret: name } : {}) };
}

/** The settings to save. A new key is stored first. The settings of the server that is not used are kept. */
export async function settingsOf(
  values: ModelValues,
  before: Settings,
  storeKey: (value: string, replaced: string | undefined) => Promise<string>,
): Promise<SettingChanges> {
  const common = {
    temperature: numberOf(values.temperature),
    max_tokens: numberOf(values.max_tokens),
    timeout: numberOf(values.timeout),
    images: values.images || undefined,
  };
  if (values.uses === 'platform')
    return { ...common, model: values.model.trim() || undefined, model_server: undefined };
  const isSameServer = before.model_server?.url === values.url.trim();
  const name = values.key
    ? await storeKey(values.key, isSameServer ? before.model_server?.secret : undefined)
    : undefined;
  return { ...common, model_server: serverOf(values, name) };
}

/** What to send for a test of the values, before they are saved. */
export function testOf(values: ModelValues): ModelTest {
  const numbers = Object.fromEntries(
    (['temperature', 'max_tokens', 'timeout'] as const)
      .map((name) => [name, numberOf(values[name])] as const)
      .filter(([, value]) => value !== undefined),
  );
  if (values.uses === 'platform') return { ...numbers, ...(values.model.trim() ? { model: values.model.trim() } : {}) };
  return { ...numbers, model_server: serverOf(values), ...(values.key ? { api_key: values.key } : {}) };
}
