import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { secretsQuery } from '@/lib/queries';
import type { ModelTest } from '@/lib/types';

/** The platform's model, and which models the business may choose. */
export const modelQuery = () =>
  queryOptions({
    queryKey: ['model'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/model', { signal })).body,
  });

/** The prices that are built in. */
export const pricesQuery = () =>
  queryOptions({
    queryKey: ['prices'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/prices', { signal })).body,
    staleTime: Infinity,
  });

export function useTestModel() {
  return useMutation({
    mutationFn: async (body: ModelTest) => (await call('post', '/api/v1/model/test', { body })).body,
  });
}

const SECRET = 'model_server_key';

/**
 * Returns a function that stores a key as a secret and returns the secret's name. `replaced` is the secret whose value
 * it replaces. Without one, there is a new secret: the server of an existing one must not get the key.
 */
export function useStoreKey() {
  const queryClient = useQueryClient();
  return async (value: string, replaced: string | undefined): Promise<string> => {
    const secrets = await queryClient.fetchQuery({ ...secretsQuery(), staleTime: 0 });
    const names = new Set(secrets.map((each) => each.name));
    const known = secrets.find((each) => each.name === replaced);
    let name = known?.name ?? SECRET;
    if (known) {
      await call('put', '/api/v1/secrets/{secret_id}', { path: { secret_id: known.secret_id }, body: { value } });
    } else {
      for (let number = 2; names.has(name); number += 1) name = `${SECRET}_${number}`;
      await call('post', '/api/v1/secrets', { body: { name, value } });
    }
    await queryClient.invalidateQueries({ queryKey: ['secrets'] });
    return name;
  };
}
