import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { readAll } from '@/lib/queries';
import type { Agent } from '@/lib/types';

export type AgentValues = Pick<Agent, 'agent_name' | 'agent_type' | 'description' | 'member_ids'>;

export const agentsQuery = () =>
  queryOptions({
    queryKey: ['agents'],
    queryFn: ({ signal }) =>
      readAll<Agent>((cursor) => call('get', '/api/v1/agents', { query: { limit: 200, cursor }, signal })),
  });

export function useChangeAgents() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['agents'] });
  return {
    save: useMutation({
      mutationFn: async ({ id, values }: { id: string | null; values: AgentValues }) => {
        if (id) await call('put', '/api/v1/agents/{agent_id}', { path: { agent_id: id }, body: values });
        else await call('post', '/api/v1/agents', { body: values });
      },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: async (id: string) => {
        await call('delete', '/api/v1/agents/{agent_id}', { path: { agent_id: id } });
      },
      onSuccess,
    }),
  };
}
