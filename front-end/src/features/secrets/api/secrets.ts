import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';

export function useChangeSecrets() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['secrets'] });
  return {
    create: useMutation({
      mutationFn: (values: { name: string; value: string }) => call('post', '/api/v1/secrets', { body: values }),
      onSuccess,
    }),
    replace: useMutation({
      mutationFn: ({ secretId, value }: { secretId: string; value: string }) =>
        call('put', '/api/v1/secrets/{secret_id}', { path: { secret_id: secretId }, body: { value } }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (secretId: string) =>
        call('delete', '/api/v1/secrets/{secret_id}', { path: { secret_id: secretId } }),
      onSuccess,
    }),
  };
}
