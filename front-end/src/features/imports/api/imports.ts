import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, upload } from '@/lib/client';
import type { Import, OrderNotification } from '@/lib/types';

const POLL_INTERVAL = 1000; // milliseconds
const LIMIT = 50;

export const isUnfinished = (each: Import) => ['uploading', 'waiting', 'running'].includes(each.status);

/** The latest imports, read again every second while one of them runs. */
export const importsQuery = () =>
  queryOptions({
    queryKey: ['imports'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/imports', { query: { limit: LIMIT }, signal })).body,
    refetchInterval: ({ state }) => (state.data?.some(isUnfinished) ? POLL_INTERVAL : false),
  });

export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: ['imports', importId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/imports/{import_id}', { path: { import_id: importId }, signal })).body,
  });

export interface NewImport {
  resource: Import['resource'];
  file: File;
  encoding: string;
  dryRun: boolean;
  ignoreUnknown: boolean;
  notify: OrderNotification | null;
}

export function useUpload() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ resource, file, encoding, dryRun, ignoreUnknown, notify }: NewImport) => {
      const isJson = /\.(ndjson|jsonl|json)$/i.test(file.name);
      const type = `${isJson ? 'application/x-ndjson' : 'text/csv'}; charset=${encoding}`;
      const query = { dry_run: dryRun, ignore_unknown: ignoreUnknown };
      const content = { content: file, type };
      if (resource === 'orders')
        return upload('/api/v1/imports/orders', content, {
          ...query,
          ...(notify ? { notify_field: notify.field, notify_text: notify.text } : {}),
        });
      return upload(resource === 'products' ? '/api/v1/imports/products' : '/api/v1/imports/users', content, query);
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['imports'] }),
  });
}
