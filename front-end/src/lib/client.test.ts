import { afterEach, expect, test, vi } from 'vitest';
import { buildUrl, call, nextCursor, onUnauthorized, replaceCredential, sendMessage } from './client';
import { ApiError } from './errors';

afterEach(() => vi.unstubAllGlobals());

function respondWith(body: unknown, init: ResponseInit = {}): ReturnType<typeof vi.fn> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const fetched = vi.fn(async () => new Response(init.status === 204 ? null : text, init));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => null,
    (each: unknown) => each,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

test('URLs contain the path IDs and the non-empty query values', () => {
  expect(buildUrl('/a/{b_id}/c', { b_id: 'x/y' }, { q: 'ä &', limit: 5, none: undefined, empty: '' })).toBe(
    '/a/x%2Fy/c?q=%C3%A4+%26&limit=5',
  );
});

test('the next page is read from the Link header', () => {
  expect(nextCursor('<http://h/api/v1/users?limit=2&cursor=MjA%3D>; rel="next"')).toBe('MjA=');
  expect(nextCursor(null)).toBeNull();
  expect(nextCursor('<http://h/x?cursor=1>; rel="prev"')).toBeNull();
});

test('the ETag is returned and If-Match is sent', async () => {
  const fetched = respondWith({ version: 3 }, { headers: { ETag: '"3"' } });
  const answer = await call('put', '/api/v1/templates/{template_id}', {
    path: { template_id: 'id' },
    body: { content: 'x' },
    ifMatch: '"2"',
  });
  expect(answer.etag).toBe('"3"');
  const [url, init] = fetched.mock.calls[0] as unknown as [string, RequestInit];
  expect(url).toBe('/api/v1/templates/id');
  expect(init.headers).toMatchObject({ 'If-Match': '"2"', 'Content-Type': 'application/json' });
  expect(init.credentials).toBe('same-origin');
});

test('an error has the server’s fields, and 401 is reported to listeners', async () => {
  const reported: ApiError[] = [];
  const unsubscribe = onUnauthorized((error) => reported.push(error));
  respondWith(
    { error_code: 'UNAUTHORIZED', message: 'No.', details: [], remediation: 'Log in.', request_id: 'r', turn_id: 't' },
    { status: 401, headers: { 'Retry-After': '7' } },
  );
  const error = await failure(call('get', '/api/v1/variables'));
  unsubscribe();
  expect(error).toMatchObject({
    status: 401,
    code: 'UNAUTHORIZED',
    remediation: 'Log in.',
    requestId: 'r',
    retryAfter: 7,
    ids: { turn_id: 't' },
  });
  expect(reported).toEqual([error]);
});

test('an error in an unknown format keeps its status', async () => {
  respondWith('<html>Bad gateway</html>', { status: 502 });
  expect(await failure(call('get', '/api/v1/ping'))).toMatchObject({ status: 502, code: 'HTTP_502' });
});

test('an error has the cause of a failed health check', async () => {
  respondWith('{"status": "unavailable", "database": "unavailable", "cause": "The database is read-only."}', {
    status: 503,
  });
  expect(await failure(call('get', '/api/v1/health'))).toMatchObject({
    status: 503,
    message: 'The database is read-only.',
  });
});

test('a failed request is an error without a status', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => {
      throw new TypeError('Failed to fetch');
    }),
  );
  expect(await failure(call('get', '/api/v1/ping'))).toMatchObject({ status: 0, code: 'UNREACHABLE' });
});

test('a message yields stream events, or one event for a JSON response', async () => {
  const options = { signal: new AbortController().signal, idempotencyKey: 'k' };
  const body = { user_id: 'u', message: 'Hi' };
  respondWith('event: message_delta\ndata: {"delta": "Hel"}\n\nevent: turn_finished\ndata: {"response": "Hello"}\n\n', {
    headers: { 'Content-Type': 'text/event-stream; charset=utf-8' },
  });
  const names: string[] = [];
  for await (const event of sendMessage(body, options)) names.push(event.event);
  respondWith({ response: 'Hello' });
  for await (const event of sendMessage(body, options)) names.push(event.event);
  respondWith({ response: null }, { status: 202 });
  for await (const event of sendMessage(body, options)) names.push(event.event);
  expect(names).toEqual(['message_delta', 'turn_finished', 'turn_finished', 'turn_held']);
});

test('a request that was sent with an ended token is repeated with the next one', async () => {
  const heard = vi.fn();
  const stop = onUnauthorized(heard);
  let isReplaced = false;
  let finish = () => {};
  const replaced = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const fetched = vi.fn(async () =>
    isReplaced
      ? new Response('[]', { status: 200 })
      : new Response('{"error_code": "UNAUTHORIZED", "message": "Ended."}', { status: 401 }),
  );
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('navigator', {}); // without locks
  const sentBefore = call('get', '/api/v1/stages');
  const replacement = replaceCredential(() => replaced);
  const sentMeanwhile = call('get', '/api/v1/stages');
  isReplaced = true;
  finish();
  await replacement;
  expect((await sentBefore).body).toEqual([]);
  expect((await sentMeanwhile).body).toEqual([]);
  expect(heard).not.toHaveBeenCalled();
  isReplaced = false;
  expect((await failure(call('get', '/api/v1/stages'))).status).toBe(401);
  expect(heard).toHaveBeenCalledOnce();
  stop();
});
