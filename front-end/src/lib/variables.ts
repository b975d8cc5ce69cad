import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';

export interface CustomVariable {
  name: string;
  value: string;
  description: string | null;
}

/** Mutations of custom variables. Templates are reloaded because their unknown variables may change. */
export function useChangeVariables() {
  const queryClient = useQueryClient();
  const onSuccess = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['variables'] }),
      queryClient.invalidateQueries({ queryKey: ['templates'] }),
      queryClient.invalidateQueries({ queryKey: ['template'] }),
    ]);
  return {
    save: useMutation({
      mutationFn: async ({ variableId, values }: { variableId: string | null; values: CustomVariable }) => {
        if (variableId)
          await call('put', '/api/v1/variables/{variable_id}', { path: { variable_id: variableId }, body: values });
        else await call('post', '/api/v1/variables', { body: values });
      },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: async (variableId: string) => {
        await call('delete', '/api/v1/variables/{variable_id}', { path: { variable_id: variableId } });
      },
      onSuccess,
    }),
  };
}
