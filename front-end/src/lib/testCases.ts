/** Test cases: reading, changing and creating them. */

import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client';
import type { TestCase, TestCaseCreate } from './types';

/** The test cases of the business, or those of one stage. */
export const testCasesQuery = (stageId?: string) =>
  infiniteQueryOptions({
    queryKey: ['test-cases', 'list', stageId ?? null],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/test-cases', {
        query: { limit: 50, cursor: pageParam, ...(stageId ? { stage_id: stageId } : {}) },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export function useChangeTestCases() {
  const onSuccess = useRefresh();
  return {
    save: useMutation({
      mutationFn: async ({ loaded, values }: { loaded: TestCase | null; values: TestCaseCreate }) => {
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

/** Makes a conversation a test case, or its part up to a turn. */
export function useCreateTestCase() {
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: ({ conversation_id, turn_id }: { conversation_id: string; turn_id?: string }) =>
      call('post', '/api/v1/test-cases/from-conversation', {
        body: { conversation_id, ...(turn_id ? { turn_id } : {}) },
      }),
    onSuccess,
  });
}

/** Test cases are part of the draft. */
function useRefresh() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['test-cases'] }),
      queryClient.invalidateQueries({ queryKey: ['releases'] }),
    ]);
}
