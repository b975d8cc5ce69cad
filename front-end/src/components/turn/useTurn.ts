import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type LiveTurn, NEW_LIVE_TURN, applyEvent } from './turnSteps';
import { retryTurn, sendMessage } from '@/lib/client';
import type { ServerEvent } from '@/lib/sse';
import { type ApiError, asApiError, readError } from '@/lib/errors';
import { randomId } from '@/lib/ids';
import type { MessageAnswer, MessageCreate } from '@/lib/types';

export interface Sending {
  message: string;
  live: LiveTurn;
}

interface Outcome {
  conversationId: string | null;
  turnId: string | null;
  /** The complete reply; null if the turn has none. */
  reply: string | null;
  /** What the server answered; null if the turn has failed or is not over. */
  answer: MessageAnswer | null;
}

/**
 * Sends one message at a time and follows its turn.
 *
 * `send` and `retry` resolve when the turn has ended and its conversation has been reloaded. They resolve to null if the
 * server did not accept the message. Sending it again uses the same idempotency key, so it is never answered twice.
 */
export function useTurn() {
  const queryClient = useQueryClient();
  const [sending, setSending] = useState<Sending | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const abort = useRef<AbortController | null>(null);
  const lastKey = useRef<{ body: string; key: string } | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const refresh = useCallback(
    async (conversationId: string | null, turnId: string | null) => {
      await Promise.all([
        conversationId ? queryClient.invalidateQueries({ queryKey: ['conversation', conversationId] }) : null,
        turnId ? queryClient.invalidateQueries({ queryKey: ['turn', turnId] }) : null,
        queryClient.invalidateQueries({ queryKey: ['conversations'] }),
      ]);
    },
    [queryClient],
  );

  const follow = useCallback(
    async (
      message: string,
      start: LiveTurn,
      open: (signal: AbortSignal) => AsyncGenerator<ServerEvent>,
    ): Promise<Outcome | null> => {
      const controller = new AbortController();
      abort.current = controller;
      let live = start;
      setError(null);
      setSending({ message, live });
      try {
        for await (const event of open(controller.signal)) {
          if (event.event === 'error') throw readError(500, event.data);
          live = applyEvent(live, event);
          setSending({ message, live });
        }
        if (live.status === 'running') throw asApiError(null); // the stream ended early
      } catch (cause) {
        const problem = asApiError(cause);
        const idFromError = (name: string) => (typeof problem.ids[name] === 'string' ? problem.ids[name] : null);
        live = {
          ...live,
          turnId: idFromError('turn_id') ?? live.turnId,
          conversationId: idFromError('conversation_id') ?? live.conversationId,
        };
        const isStored = live.turnId !== null || controller.signal.aborted;
        if (!controller.signal.aborted) setError(problem);
        if (isStored) await refresh(live.conversationId, live.turnId);
        setSending(null);
        return isStored
          ? { conversationId: live.conversationId, turnId: live.turnId, reply: null, answer: null }
          : null;
      }
      await refresh(live.conversationId, live.turnId);
      setSending(null);
      return {
        conversationId: live.conversationId,
        turnId: live.turnId,
        reply: live.status === 'finished' ? live.reply : null,
        answer: live.answer,
      };
    },
    [refresh],
  );

  const send = useCallback(
    async (body: MessageCreate): Promise<Outcome | null> => {
      const text = JSON.stringify(body);
      if (lastKey.current?.body !== text) lastKey.current = { body: text, key: randomId() };
      const { key } = lastKey.current;
      const outcome = await follow(body.message, NEW_LIVE_TURN, (signal) =>
        sendMessage(body, { signal, idempotencyKey: key }),
      );
      if (outcome) lastKey.current = null;
      return outcome;
    },
    [follow],
  );

  const retry = useCallback(
    (turnId: string, message: string) =>
      follow(message, { ...NEW_LIVE_TURN, turnId }, (signal) => retryTurn(turnId, { signal })),
    [follow],
  );

  return {
    sending,
    error,
    clearError: useCallback(() => setError(null), []),
    send,
    retry,
    /** Stops waiting. The turn itself continues on the server. */
    stop: useCallback(() => abort.current?.abort(), []),
  };
}
