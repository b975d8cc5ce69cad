/** Reading and changing stages. */

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client';
import { ApiError } from './errors';
import type { ApiCall, StageCreate, StageDetail, StageUpdate } from './types';

const MAX_ATTEMPTS = 3; // to change a stage that others change at the same time

export interface Versioned {
  row: StageDetail;
  etag: string | null;
}

export async function readStage(stageId: string, signal?: AbortSignal): Promise<Versioned> {
  const answer = await call('get', '/api/v1/stages/{stage_id}', { path: { stage_id: stageId }, signal });
  return { row: answer.body, etag: answer.etag };
}

export const stageQuery = (stageId: string) =>
  queryOptions({ queryKey: ['stage', stageId], queryFn: ({ signal }) => readStage(stageId, signal) });

export const transitionsQuery = (includeTests: boolean) =>
  queryOptions({
    queryKey: ['stages', 'transitions', includeTests],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/stages/transitions', {
          query: { include_tests: includeTests ? 'true' : 'false' },
          signal,
        })
      ).body,
  });

export async function tryApiCall(config: ApiCall, values: Record<string, string>) {
  return (await call('post', '/api/v1/api-calls/try', { body: { config, values } })).body;
}

/** Reloads everything that shows stages. */
function useRefreshStages() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['stages'] }),
      queryClient.invalidateQueries({ queryKey: ['stage'] }),
      queryClient.invalidateQueries({ queryKey: ['templates'] }),
      queryClient.invalidateQueries({ queryKey: ['business'] }),
    ]);
}

/** Changes a stage as it is now: `change` gets the stage and returns the fields to write, or null for nothing. */
export function useEditStage() {
  return useMutation({
    mutationFn: async ({
      stageId,
      change,
    }: {
      stageId: string;
      change: (stage: StageDetail) => StageUpdate | null;
    }): Promise<void> => editStage(stageId, change, MAX_ATTEMPTS),
    onSuccess: useRefreshStages(),
  });
}

async function editStage(
  stageId: string,
  change: (stage: StageDetail) => StageUpdate | null,
  attempts: number,
): Promise<void> {
  const { row, etag } = await readStage(stageId);
  const changes = change(row);
  if (!changes) return;
  try {
    await call('put', '/api/v1/stages/{stage_id}', { path: { stage_id: stageId }, body: changes, ifMatch: etag });
  } catch (error) {
    // Someone else has changed the stage meanwhile.
    if (!(error instanceof ApiError && error.status === 412) || attempts <= 1) throw error;
    await editStage(stageId, change, attempts - 1);
  }
}

export function useChangeStages() {
  const queryClient = useQueryClient();
  const refresh = useRefreshStages();
  return {
    create: useMutation({
      mutationFn: async (values: StageCreate) => (await call('post', '/api/v1/stages', { body: values })).body.stage_id,
      onSuccess: refresh,
    }),
    duplicate: useMutation({
      mutationFn: async (stageId: string) =>
        (await call('post', '/api/v1/stages/{stage_id}/duplicate', { path: { stage_id: stageId } })).body.stage_id,
      onSuccess: refresh,
    }),
    reorder: useMutation({
      mutationFn: async (stageIds: string[]) => {
        await call('put', '/api/v1/stages/order', { body: { stage_ids: stageIds } });
      },
      // Also after an error: the list shows the order that is stored.
      onSettled: refresh,
    }),
    save: useMutation({
      mutationFn: async ({ stageId, changes, etag }: { stageId: string; changes: StageUpdate; etag: string | null }) =>
        call('put', '/api/v1/stages/{stage_id}', { path: { stage_id: stageId }, body: changes, ifMatch: etag }),
      onSuccess: refresh,
    }),
    remove: useMutation({
      mutationFn: async ({ stageId, reassignTo }: { stageId: string; reassignTo: string | null }) =>
        call('delete', '/api/v1/stages/{stage_id}', {
          path: { stage_id: stageId },
          query: { reassign_to: reassignTo ?? undefined },
        }),
      // The stage itself is not invalidated: its page would request the deleted stage again.
      onSuccess: () =>
        Promise.all([
          queryClient.invalidateQueries({ queryKey: ['stages'] }),
          queryClient.invalidateQueries({ queryKey: ['business'] }),
        ]),
    }),
  };
}
