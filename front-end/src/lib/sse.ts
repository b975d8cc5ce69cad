/** Reads server-sent events from a fetch response, since EventSource cannot send POST requests. */

export interface ServerEvent {
  event: string;
  data: Record<string, unknown>;
}

export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  try {
    for (;;) {
      // eslint-disable-next-line no-await-in-loop -- a stream is read sequentially
      const { done, value } = await reader.read();
      buffer += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A "\r" at the end of a chunk may be the first half of "\r\n".
      const whole = done ? buffer : buffer.replace(/\r$/, '');
      const blocks = whole.replace(/\r\n?/g, '\n').split('\n\n');
      buffer = (done ? '' : (blocks.pop() ?? '')) + (whole.length < buffer.length ? '\r' : '');
      for (const block of blocks) {
        const event = readBlock(block);
        if (event) yield event;
      }
      if (done) return;
    }
  } finally {
    // If the caller stops early, this closes the connection.
    await reader.cancel().catch(() => undefined);
  }
}

function readBlock(block: string): ServerEvent | null {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') event = value ?? '';
    if (field === 'data') data.push(value ?? '');
  }
  if (!data.length) return null;
  return { event, data: JSON.parse(data.join('\n')) as Record<string, unknown> };
}
