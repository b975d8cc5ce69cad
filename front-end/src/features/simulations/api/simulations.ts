import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { SimulationCreate } from '@/lib/types';

const LIST = ['simulations', 'list'];

export const simulationsQuery = () =>
  infiniteQueryOptions({
    queryKey: LIST,
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/simulations', { query: { limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** A simulation, which is read again until it has ended. */
export const simulationQuery = (simulationId: string) =>
  queryOptions({
    queryKey: ['simulations', simulationId],
    queryFn: async ({ client, signal }) => {
      const { body } = await call('get', '/api/v1/simulations/{simulation_id}', {
        path: { simulation_id: simulationId },
        signal,
      });
      if (!isUnfinished(body)) void client.invalidateQueries({ queryKey: LIST });
      return body;
    },
    refetchInterval: ({ state }) => (state.data && !isUnfinished(state.data) ? false : 1000),
  });

export function isUnfinished({ status }: { status: string }): boolean {
  return status === 'waiting' || status === 'running';
}

export function useChangeSimulations() {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: ['simulations'] });
  return {
    start: useMutation({
      mutationFn: async (body: SimulationCreate) => (await call('post', '/api/v1/simulations', { body })).body,
      onSettled,
    }),
    cancel: useMutation({
      mutationFn: (simulationId: string) =>
        call('post', '/api/v1/simulations/{simulation_id}/cancel', { path: { simulation_id: simulationId } }),
      onSettled,
    }),
    createCase: useMutation({
      mutationFn: (simulationId: string) =>
        call('post', '/api/v1/simulations/{simulation_id}/test-case', { path: { simulation_id: simulationId } }),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: ['test-cases'] }),
    }),
  };
}
