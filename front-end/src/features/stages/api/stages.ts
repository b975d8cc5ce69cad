import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { ApiCall, StageCreate, StageDetail, StageUpdate } from '@/lib/types';

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

export async function tryApiCall(config: ApiCall, values: Record<string, string>) {
  return (await call('post', '/api/v1/api-calls/try', { body: { config, values } })).body;
}

export function useChangeStages() {
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['stages'] }),
      queryClient.invalidateQueries({ queryKey: ['stage'] }),
      queryClient.invalidateQueries({ queryKey: ['templates'] }),
      queryClient.invalidateQueries({ queryKey: ['business'] }),
    ]);
  return {
    create: useMutation({
      mutationFn: async (values: StageCreate) => (await call('post', '/api/v1/stages', { body: values })).body.stage_id,
      onSuccess: refresh,
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
