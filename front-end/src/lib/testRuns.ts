/** Runs of test cases: starting, following and cancelling them. */

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client';

/** Which test cases run, and with what: the draft or the live release. */
export interface TestRunCreate {
  release: 'draft' | 'live';
  stage_id?: string;
  test_case_ids?: string[];
  /** How often each test case runs. */
  repeat?: number;
}

/** Whether the business has test cases. */
export const hasTestCasesQuery = () =>
  queryOptions({
    queryKey: ['test-cases', 'exist'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/test-cases', { query: { limit: 1 }, signal })).body.length > 0,
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

export function useRunTests() {
  const queryClient = useQueryClient();
  return {
    run: useMutation({
      mutationFn: async (body: TestRunCreate) => (await call('post', '/api/v1/test-runs', { body })).body.test_run_id,
    }),
    cancel: useMutation({
      mutationFn: (testRunId: string) =>
        call('post', '/api/v1/test-runs/{test_run_id}/cancel', { path: { test_run_id: testRunId } }),
      onSettled: () => queryClient.invalidateQueries({ queryKey: ['test-runs'] }),
    }),
  };
}
