/** What staff do in a conversation. Each action reloads what it changes. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import type { Message } from '@/lib/types';

export type Answer = 'last' | 'none';
export interface Changes {
  assignee_id?: string | null;
  snoozed_until?: string | null;
  tags?: string[];
}

const PATH = '/api/v1/conversations/{conversation_id}';

function useAction<Values>(conversationId: string, act: (values: Values) => Promise<unknown>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    // Also after an error: a conflict means that the page shows an old state.
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['conversation', conversationId] }),
        queryClient.invalidateQueries({ queryKey: ['conversations'] }),
      ]),
  });
}

export const useTakeOver = (id: string) =>
  useAction(id, ({ force = false }: { force?: boolean }) =>
    call('post', `${PATH}/takeover`, { path: { conversation_id: id }, query: { force }, body: {} }),
  );

export const useRelease = (id: string) =>
  useAction(id, ({ answer }: { answer: Answer }) =>
    call('post', `${PATH}/release`, { path: { conversation_id: id }, body: { answer } }),
  );

export const usePause = (id: string) =>
  useAction(id, () => call('post', `${PATH}/pause`, { path: { conversation_id: id } }));

export const useResume = (id: string) =>
  useAction(id, ({ answer }: { answer: Answer }) =>
    call('post', `${PATH}/resume`, { path: { conversation_id: id }, body: { answer } }),
  );

export const useClose = (id: string) =>
  useAction(id, () => call('post', `${PATH}/complete`, { path: { conversation_id: id } }));

export const useChange = (id: string) =>
  useAction(id, (changes: Changes) => call('patch', PATH, { path: { conversation_id: id }, body: changes }));

export interface Outgoing {
  text: string;
  isNote: boolean;
  idempotencyKey: string;
  /** Whether to take over from the assistant or a colleague before the message is sent. */
  takeOver: boolean;
  /** Take over although a colleague handles the conversation. */
  force?: boolean;
}

/** Sends a reply or a note. A reply takes the conversation over first, if asked to. */
export const useSend = (id: string) =>
  useAction(id, async ({ text, isNote, idempotencyKey, takeOver, force = false }: Outgoing) => {
    if (takeOver) await call('post', `${PATH}/takeover`, { path: { conversation_id: id }, query: { force }, body: {} });
    await call('post', `${PATH}/messages`, {
      path: { conversation_id: id },
      body: isNote ? { message: text, is_note: true } : { message: text },
      idempotencyKey,
    });
  });

/** Sends a message to the customer of a channel again. */
export function useResend() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (message: Message) =>
      call('post', '/api/v1/messages/{message_id}/resend', { path: { message_id: message.message_id } }),
    onSettled: (_answer, _error, message) =>
      queryClient.invalidateQueries({ queryKey: ['conversation', message.conversation_id] }),
  });
}

/** Cancels a message that waits for the end of quiet hours. */
export const useCancelScheduled = (id: string) =>
  useAction(id, (scheduledMessageId: string) =>
    call('delete', '/api/v1/scheduled-messages/{scheduled_message_id}', {
      path: { scheduled_message_id: scheduledMessageId },
    }),
  );

/** Marks a conversation as read up to a message. Does nothing for callers who are not users. */
export function useMarkRead(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (seq: number) => call('post', `${PATH}/read`, { path: { conversation_id: id }, body: { seq } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['conversations'] }),
  });
}

/** The text of a canned reply for a conversation, with the variables filled in, and the variables without a value. */
export async function renderCannedReply(cannedReplyId: string, conversationId: string) {
  return (
    await call('post', '/api/v1/canned-replies/{canned_reply_id}/render', {
      path: { canned_reply_id: cannedReplyId },
      body: { conversation_id: conversationId },
    })
  ).body;
}
