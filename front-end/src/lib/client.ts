/** The API client, the only module that calls fetch. Typed by the OpenAPI document; authenticates with cookies. */

import { ApiError, asApiError, readError } from './errors';
import type { paths } from './schema.gen';
import { type ServerEvent, readEvents } from './sse';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never;
}[keyof paths];
type JsonOf<R> = R extends { content: { 'application/json': infer Body } } ? Body : undefined;
type AnswerOf<O> = O extends { responses: infer R } ? { [Status in keyof R]: JsonOf<R[Status]> }[keyof R] : never;
type BodyOf<O> = O extends { requestBody?: { content: { 'application/json': infer Body } } } ? Body : never;
type QueryOf<O> = O extends { parameters: { query?: infer Query } } ? Query : never;
type PathOf<O> = O extends { parameters: { path: infer Path } } ? Path : never;

export type Options<O> = {
  query?: { [Name in keyof NonNullable<QueryOf<O>>]?: NonNullable<QueryOf<O>>[Name] | undefined };
  signal?: AbortSignal | undefined;
  /** The ETag of the row that was read; the write fails with 412 if the row has changed since. */
  ifMatch?: string | null | undefined;
  idempotencyKey?: string;
} & ([PathOf<O>] extends [never] ? { path?: never } : { path: PathOf<O> }) &
  ([BodyOf<O>] extends [never] ? { body?: never } : { body?: BodyOf<O> });

export interface Answer<Body> {
  status: number;
  body: Body;
  etag: string | null;
  /** The cursor of the next page of a list, or null. */
  nextCursor: string | null;
}

interface Request {
  path?: unknown;
  query?: unknown;
  body?: unknown;
  signal?: AbortSignal | undefined;
  ifMatch?: string | null | undefined;
  idempotencyKey?: string;
  accept?: string;
  file?: { content: Blob; type: string };
}

const REFRESH = '/api/v1/auth/refresh';

type Listener = (error: ApiError) => void;
const unauthorizedListeners = new Set<Listener>();

/** Registers a listener for 401 responses. Returns a function that removes it. */
export function onUnauthorized(listener: Listener): () => void {
  unauthorizedListeners.add(listener);
  return () => unauthorizedListeners.delete(listener);
}

let replacing: Promise<unknown> = Promise.resolve();
let replacements = 0; // counted when they start and when they end

/**
 * Runs a request that ends the current token and sets the next one. Tabs do this one after another. Other requests that
 * were sent with the ended token are repeated.
 */
export function replaceCredential<T>(request: () => Promise<T>): Promise<T> {
  // Browsers have locks in secure contexts only.
  const locks = (navigator as { locks?: LockManager }).locks;
  const replaced = (locks ? locks.request('icmp-credential', request) : request()) as Promise<T>;
  replacements += 1;
  const settle = () => {
    replacements += 1;
  };
  replacing = replaced.then(settle, settle);
  return replaced;
}

export async function call<M extends Method, P extends PathsWith<M>>(
  method: M,
  path: P,
  ...[options]: Record<string, never> extends Options<paths[P][M]>
    ? [options?: Options<paths[P][M]>]
    : [options: Options<paths[P][M]>]
): Promise<Answer<AnswerOf<paths[P][M]>>> {
  const response = await send(method, path as string, (options ?? {}) as Request);
  return {
    status: response.status,
    body: (response.status === 204 ? undefined : await readJson(response)) as AnswerOf<paths[P][M]>,
    etag: response.headers.get('ETag'),
    nextCursor: nextCursor(response.headers.get('Link')),
  };
}

/** Uploads a file as the body of a POST request. */
export async function upload<P extends PathsWith<'post'>>(
  path: P,
  file: { content: Blob; type: string },
  query: QueryOf<paths[P]['post']>,
): Promise<AnswerOf<paths[P]['post']>> {
  const response = await send('post', path as string, { query, file });
  return (await readJson(response)) as AnswerOf<paths[P]['post']>;
}

/** Sends a customer's message. Yields the events of the turn, or a single `turn_finished` if there is no stream. */
export function sendMessage(
  body: paths['/api/v1/messages']['post']['requestBody']['content']['application/json'],
  options: { signal: AbortSignal; idempotencyKey: string },
): AsyncGenerator<ServerEvent> {
  return followTurn('/api/v1/messages', { ...options, body });
}

/** Runs a failed turn again, continuing after its last completed step. */
export function retryTurn(turnId: string, options: { signal: AbortSignal }): AsyncGenerator<ServerEvent> {
  return followTurn('/api/v1/turns/{turn_id}/retry' satisfies keyof paths, { ...options, path: { turn_id: turnId } });
}

async function* followTurn(path: string, request: Request): AsyncGenerator<ServerEvent> {
  const response = await send('post', path, { ...request, accept: 'text/event-stream, application/json;q=0.5' });
  if (response.headers.get('Content-Type')?.startsWith('text/event-stream') && response.body) {
    try {
      yield* readEvents(response.body);
    } catch (error) {
      throw request.signal?.aborted ? error : asApiError(error);
    }
    return;
  }
  const answer = (await readJson(response)) as Record<string, unknown>;
  yield { event: answer['response'] === null ? 'turn_held' : 'turn_finished', data: answer };
}

async function send(method: string, template: string, request: Request): Promise<Response> {
  const before = replacements;
  try {
    return await sendOnce(method, template, request);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    if (template !== REFRESH) {
      await replacing;
      if (replacements !== before) return send(method, template, request);
    }
    for (const listener of unauthorizedListeners) listener(error);
    throw error;
  }
}

async function sendOnce(method: string, template: string, request: Request): Promise<Response> {
  const headers: Record<string, string> = { Accept: request.accept ?? 'application/json' };
  if (request.body !== undefined) headers['Content-Type'] = 'application/json';
  if (request.file) headers['Content-Type'] = request.file.type;
  if (request.ifMatch) headers['If-Match'] = request.ifMatch;
  if (request.idempotencyKey) headers['Idempotency-Key'] = request.idempotencyKey;
  let response: Response;
  try {
    response = await fetch(buildUrl(template, request.path, request.query), {
      method: method.toUpperCase(),
      headers,
      credentials: 'same-origin',
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.file ? { body: request.file.content } : {}),
      ...(request.signal ? { signal: request.signal } : {}),
    });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw asApiError(error);
  }
  if (response.ok) return response;
  throw readError(response.status, await response.json().catch(() => null), response.headers.get('Retry-After'));
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof DOMException) throw error;
    throw new ApiError(response.status, 'UNREADABLE', 'The server sent an invalid response.');
  }
}

/** Fills the IDs into a path such as `/stages/{stage_id}` and adds the query, without empty values. */
export function buildUrl(template: string, path: unknown, query: unknown): string {
  const ids = (path ?? {}) as Record<string, string>;
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${filled}?${text}` : filled;
}

/** The cursor of the `rel="next"` link in a `Link` header, or null. */
export function nextCursor(link: string | null): string | null {
  const address = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  return address ? new URL(address, 'http://localhost').searchParams.get('cursor') : null;
}
