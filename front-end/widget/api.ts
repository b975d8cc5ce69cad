/** The requests of the widget. The page's cookies are never sent. */

import { readEvents } from '../src/lib/sse';
import type { Accepted, Message, Page, Session } from './types';

const TIMEOUT = 20_000; // until the response begins
const SILENCE = 60_000; // the server sends something every 15 seconds

/** The server has answered that it cannot do it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly retryAfter: number | null,
  ) {
    super(`status ${status}`);
  }

  /** Whether sending the same request later may succeed. */
  get isTemporary(): boolean {
    return this.status === 429 || this.status === 408 || this.status >= 500;
  }
}

export type Update =
  | { kind: 'accepted'; accepted: Accepted }
  | { kind: 'delta'; text: string }
  | { kind: 'message'; message: Message }
  | { kind: 'typing'; name: string | null }
  | { kind: 'reset' | 'held' | 'failed' | 'working' | 'idle' | 'changed' };

export class Api {
  constructor(
    private readonly server: string,
    private readonly channel: string,
  ) {}

  async openSession(body: { token: string | null; identity: string | null; language: string }): Promise<Session> {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value));
    return (await this.send('sessions', { method: 'POST', body: given })).json() as Promise<Session>;
  }

  async readMessages(token: string, beforeSeq?: number): Promise<Page> {
    const query = beforeSeq === undefined ? '' : `?before_seq=${beforeSeq}`;
    return (await this.send(`messages${query}`, { token })).json() as Promise<Page>;
  }

  /** Sends a message and yields the progress of its answer. The same key never stores a second message. */
  async *post(token: string, key: string, text: string): AsyncGenerator<Update> {
    const body = { message_id: key, text };
    yield* events(await this.send('messages', { method: 'POST', token, body }));
  }

  async rateAnswer(token: string, messageId: string, rating: 'good' | 'bad', comment?: string): Promise<void> {
    const body = comment ? { rating, comment } : { rating };
    await this.send(`messages/${messageId}/feedback`, { method: 'POST', token, body });
  }

  async rateConversation(token: string, conversationId: string, rating: number): Promise<void> {
    await this.send(`conversations/${conversationId}/rating`, { method: 'POST', token, body: { rating } });
  }

  /** Yields what happens in the visitor's conversation. `afterSeq` is the last message that has been received. */
  async *follow(token: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<Update> {
    yield* events(await this.send(`stream?after_seq=${afterSeq}`, { token, signal }));
  }

  /** Raises Refused for a status of 400 and above, and a TypeError or DOMException if there is no response. */
  private async send(
    path: string,
    options: { method?: string; token?: string; body?: unknown; signal?: AbortSignal },
  ): Promise<Response> {
    const headers: Record<string, string> = {};
    if (options.token) headers['Authorization'] = `Bearer ${options.token}`;
    if (options.body) headers['Content-Type'] = 'application/json';
    const beginning = new AbortController();
    const timer = setTimeout(() => beginning.abort(), TIMEOUT);
    const abort = () => beginning.abort();
    options.signal?.addEventListener('abort', abort);
    try {
      const response = await fetch(`${this.server}/api/v1/widget/${this.channel}/${path}`, {
        method: options.method ?? 'GET',
        headers,
        ...(options.body ? { body: JSON.stringify(options.body) } : {}),
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'origin',
        signal: beginning.signal,
      });
      if (response.ok) return response;
      const seconds = Number(response.headers.get('Retry-After'));
      throw new Refused(response.status, seconds > 0 ? seconds : null);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function* events(response: Response): AsyncGenerator<Update> {
  if (!response.body) return;
  for await (const { event, data } of readEvents(untilSilent(response.body))) {
    switch (event) {
      case 'accepted':
        yield { kind: event, accepted: data as unknown as Accepted };
        break;
      case 'delta':
        yield { kind: event, text: String(data['text']) };
        break;
      case 'message':
        yield { kind: event, message: data as unknown as Message };
        break;
      case 'typing':
        yield { kind: event, name: (data['name'] as string | null | undefined) ?? null };
        break;
      case 'reset':
      case 'held':
      case 'failed':
      case 'working':
      case 'idle':
      case 'changed':
        yield { kind: event };
    }
  }
}

/** The stream, which ends when nothing has arrived for too long: a connection may be lost without any sign. */
function untilSilent(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      const timer = setTimeout(() => void reader.cancel().catch(() => undefined), SILENCE);
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } finally {
        clearTimeout(timer);
      }
    },
    cancel: () => reader.cancel(),
  });
}
