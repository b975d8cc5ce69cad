import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, upload } from '@/lib/client';
import { type ApiError, asApiError } from '@/lib/errors';
import type { ArticleCreate, ArticleUpdate, ArticlesImported } from '@/lib/types';

export interface Filters {
  q?: string | undefined;
  tag?: string | undefined;
  language?: string | undefined;
}

export const articlesQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['articles', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/articles', { query: { ...filters, order: 'newest', limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const passagesQuery = (articleId: string) =>
  queryOptions({
    queryKey: ['articles', articleId, 'passages'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/articles/{article_id}/passages', { path: { article_id: articleId }, signal })).body,
  });

export const unansweredQuery = () =>
  infiniteQueryOptions({
    queryKey: ['articles', 'unanswered'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/unanswered-questions', { query: { limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export function useChangeArticles() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['articles'] });
  return {
    create: useMutation({
      mutationFn: async (body: ArticleCreate) => (await call('post', '/api/v1/articles', { body })).body.article_id,
      // It may answer a question or a bad answer, which is then not open any more.
      onSuccess: () => Promise.all([onSuccess(), queryClient.invalidateQueries({ queryKey: ['feedback'] })]),
    }),
    update: useMutation({
      mutationFn: async ({ articleId, changes }: { articleId: string; changes: ArticleUpdate }) =>
        (await call('put', '/api/v1/articles/{article_id}', { path: { article_id: articleId }, body: changes })).body,
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (articleId: string) =>
        call('delete', '/api/v1/articles/{article_id}', { path: { article_id: articleId } }),
      // The page of the deleted article is still open, and must not read it again.
      onSuccess: () => queryClient.invalidateQueries({ queryKey: ['articles', 'list'] }),
    }),
    dismiss: useMutation({
      mutationFn: (turnId: string) =>
        call('delete', '/api/v1/unanswered-questions/{turn_id}', { path: { turn_id: turnId } }),
      onSuccess,
    }),
  };
}

export interface FileResult {
  name: string;
  outcome: ArticlesImported | null;
  error: ApiError | null;
}

/** Uploads files one after another. A file that cannot be read does not keep the others from being uploaded. */
export function useImportFiles() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ files, ...options }: { files: readonly File[]; language?: string; tag?: string }) => {
      const results: FileResult[] = [];
      for (const file of files) {
        const query = { ...options, file_name: file.name };
        // The server recognises the format by the name.
        const content = { content: file, type: 'application/octet-stream' };
        // eslint-disable-next-line no-await-in-loop -- one at a time, so that a slow connection is not shared
        const result = await upload('/api/v1/articles/import', content, query).then(
          (outcome) => ({ outcome, error: null }),
          (error: unknown) => ({ outcome: null, error: asApiError(error) }),
        );
        results.push({ name: file.name, ...result });
      }
      return results;
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['articles'] }),
  });
}
