import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { Agent } from '@/lib/types';

export type AgentValues = Pick<
  Agent,
  'agent_name' | 'agent_type' | 'description' | 'instructions' | 'languages' | 'working_hours' | 'member_ids'
>;

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
