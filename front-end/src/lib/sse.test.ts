import { expect, test } from 'vitest';
import { type ServerEvent, readEvents } from './sse';

function streamOf(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

async function readAll(text: string, size: number): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(streamOf(new TextEncoder().encode(text), size))) events.push(event);
  return events;
}

const EXPECTED = [
  { event: 'turn_started', data: { turn_id: 't' } },
  { event: 'message_delta', data: { delta: 'Grüße 🏮' } },
  { event: 'ping', data: {} },
];

for (const newline of ['\n', '\r\n', '\r']) {
  for (const size of [1, 2, 3, 7, 1000]) {
    test(`events in chunks of ${size} bytes with line ending ${JSON.stringify(newline)}`, async () => {
      const text = [
        'event: turn_started',
        'data: {"turn_id": "t"}',
        '',
        ': a comment',
        '',
        'event:message_delta',
        'data: {"delta":',
        'data: "Grüße 🏮"}',
        '',
        'event: ping',
        'data: {}',
        '',
        '',
      ].join(newline);
      expect(await readAll(text, size)).toEqual(EXPECTED);
    });
  }
}

test('stopping early closes the connection', async () => {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('data: {"n": 1}\n\ndata: {"n": 2}\n\n'));
    },
    cancel() {
      cancelled = true;
    },
  });
  for await (const event of readEvents(stream)) {
    expect(event.data).toEqual({ n: 1 });
    break;
  }
  expect(cancelled).toBe(true);
});
