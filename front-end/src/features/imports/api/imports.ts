import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, upload } from '@/lib/client';
import type { Import, OrderNotification } from '@/lib/types';

const POLL_INTERVAL = 1000; // milliseconds
const LIMIT = 50;

const PREVIEW_BYTES = 512 * 1024; // of the file; the server looks at no more

const UNFINISHED: ReadonlySet<string | null> = new Set(['uploading', 'waiting', 'running']);

export const isUnfinished = (each: Import) => UNFINISHED.has(each.status) || UNFINISHED.has(each.undo_status);

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

export const isJson = (file: File) => /\.(ndjson|jsonl|json)$/i.test(file.name);

/** The start of a CSV file and what its columns seem to contain. With '' as the encoding, that is guessed too. */
export const previewQuery = (resource: Import['resource'], file: File | null, encoding: string) =>
  queryOptions({
    queryKey: ['import-preview', resource, file?.name, file?.size, file?.lastModified, encoding],
    queryFn: () =>
      upload(
        '/api/v1/imports/preview',
        {
          content: (file as File).slice(0, PREVIEW_BYTES),
          type: encoding ? `text/csv; charset=${encoding}` : 'text/csv',
        },
        { resource },
      ),
    enabled: file !== null && !isJson(file),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });

export interface NewImport {
  resource: Import['resource'];
  file: File;
  encoding: string;
  dryRun: boolean;
  ignoreUnknown: boolean;
  /** Of CSV: the field of each column, '' for one to ignore. */
  columns: string[] | null;
  decimalComma: boolean;
  notify: OrderNotification | null;
}

export function useUpload() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ resource, file, encoding, dryRun, ignoreUnknown, columns, decimalComma, notify }: NewImport) => {
      const type = `${isJson(file) ? 'application/x-ndjson' : 'text/csv'}; charset=${encoding}`;
      const query = {
        dry_run: dryRun,
        ...(columns ? { columns: columns.join(','), decimal_comma: decimalComma } : { ignore_unknown: ignoreUnknown }),
      };
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

export function useUndo() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (importId: string) =>
      call('post', '/api/v1/imports/{import_id}/undo', { path: { import_id: importId } }),
    onSuccess: () =>
      Promise.all(
        [['imports'], ['orders'], ['products'], ['users']].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
