import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { CannedReply } from '@/lib/types';

type CannedReplyValues = Pick<CannedReply, 'shortcut' | 'title' | 'content' | 'translations'>;

export function useChangeCannedReplies() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['canned-replies'] });
  return {
    save: useMutation({
      mutationFn: async ({ id, values }: { id: string | null; values: CannedReplyValues }) => {
        if (id)
          await call('put', '/api/v1/canned-replies/{canned_reply_id}', {
            path: { canned_reply_id: id },
            body: values,
          });
        else await call('post', '/api/v1/canned-replies', { body: values });
      },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: async (id: string) => {
        await call('delete', '/api/v1/canned-replies/{canned_reply_id}', { path: { canned_reply_id: id } });
      },
      onSuccess,
    }),
  };
}
