import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { TestCase } from '@/lib/types';

export type CaseValues = Pick<TestCase, 'name' | 'stage_id' | 'turns'>;

export const testCasesQuery = () =>
  infiniteQueryOptions({
    queryKey: ['test-cases'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/test-cases', { query: { limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export function useChangeTestCases() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['test-cases'] });
  return {
    save: useMutation({
      mutationFn: async ({ loaded, values }: { loaded: TestCase | null; values: CaseValues }) => {
        if (loaded)
          await call('put', '/api/v1/test-cases/{test_case_id}', {
            path: { test_case_id: loaded.test_case_id },
            body: values,
            ifMatch: `"${loaded.version}"`,
          });
        else await call('post', '/api/v1/test-cases', { body: values });
      },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => call('delete', '/api/v1/test-cases/{test_case_id}', { path: { test_case_id: id } }),
      onSuccess,
    }),
  };
}
