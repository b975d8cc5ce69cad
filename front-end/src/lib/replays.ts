/** Replays: answering messages of the past again. */

import { useMutation } from '@tanstack/react-query';
import { call } from './client';

export const REPLAYED_BY = ['draft', 'live', 'recorded'] as const;
export type ReplayedBy = (typeof REPLAYED_BY)[number];

export function useReplay() {
  return useMutation({
    mutationFn: async ({ turnId, release }: { turnId: string; release: ReplayedBy }) =>
      (await call('post', '/api/v1/turns/{turn_id}/replay', { path: { turn_id: turnId }, body: { release } })).body,
  });
}
