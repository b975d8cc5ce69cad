import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { TestCase } from '@/lib/types';

export type Tested = 'draft' | 'live';
export type CaseValues = Pick<TestCase, 'name' | 'stage_id' | 'turns'>;

export const testCasesQuery = () =>
  infiniteQueryOptions({
    queryKey: ['test-cases'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/test-cases', { query: { limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** A test run, which is read again until it has ended. */
export const testRunQuery = (testRunId: string) =>
  queryOptions({
    queryKey: ['test-runs', testRunId],
    queryFn: async ({ client, signal }) => {
      const { body } = await call('get', '/api/v1/test-runs/{test_run_id}', {
        path: { test_run_id: testRunId },
        signal,
      });
      if (!isUnfinished(body)) void client.invalidateQueries({ queryKey: ['test-cases'] }); // their latest results
      return body;
    },
    refetchInterval: ({ state }) => (state.data && !isUnfinished(state.data) ? false : 1000),
  });

export function isUnfinished({ status }: { status: string }): boolean {
  return status === 'waiting' || status === 'running';
}

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
    run: useMutation({
      mutationFn: async (release: Tested) =>
        (await call('post', '/api/v1/test-runs', { body: { release } })).body.test_run_id,
    }),
    cancel: useMutation({
      mutationFn: (testRunId: string) =>
        call('post', '/api/v1/test-runs/{test_run_id}/cancel', { path: { test_run_id: testRunId } }),
      onSettled: () => queryClient.invalidateQueries({ queryKey: ['test-runs'] }),
    }),
  };
}
