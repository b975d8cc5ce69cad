/** Test copies of conversations, for the playground. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client';

interface Source {
  conversationId: string;
  /** The copy ends with this message; without it, with the last one. */
  untilSeq?: number;
}

/** Copies a conversation for a test customer. Nothing in the original changes. */
export function useCopyConversation() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ conversationId, untilSeq }: Source) =>
      (
        await call('post', '/api/v1/conversations/{conversation_id}/copy', {
          path: { conversation_id: conversationId },
          body: untilSeq === undefined ? {} : { until_seq: untilSeq },
        })
      ).body,
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['conversations'] }),
        queryClient.invalidateQueries({ queryKey: ['users'] }),
      ]),
  });
}
