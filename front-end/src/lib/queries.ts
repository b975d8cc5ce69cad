/** Queries that more than one feature uses. */

import { queryOptions } from '@tanstack/react-query';
import { type Answer, call } from './client';
import type { Agent, CannedReply, Secret, Stage, Template, User, Webhook } from './types';

export const PAGE_SIZE = 200;
const MAX_ROWS = 5_000;

/** Reads the pages of a list, from the cursor on. */
async function* readPages<Row>(
  read: (cursor?: string) => Promise<Answer<Row[]>>,
  cursor?: string,
): AsyncGenerator<Answer<Row[]>> {
  const page = await read(cursor);
  yield page;
  if (page.nextCursor) yield* readPages(read, page.nextCursor);
}

/** Reads all pages of a list, up to 5,000 rows. */
export async function readAll<Row>(read: (cursor?: string) => Promise<Answer<Row[]>>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of readPages(read)) {
    rows.push(...page.body);
    if (rows.length >= MAX_ROWS) break;
  }
  return rows;
}

export const productQuery = () =>
  queryOptions({
    queryKey: ['product'],
    queryFn: async ({ signal }) => (await call('get', '/api', { signal })).body,
    staleTime: 5 * 60_000,
  });

export const businessQuery = (businessId: string) =>
  queryOptions({
    queryKey: ['business', businessId],
    queryFn: ({ signal }) =>
      call('get', '/api/v1/businesses/{business_id}', { path: { business_id: businessId }, signal }),
  });

/** When the business will be deleted, if that is planned. */
export const deletionQuery = (businessId: string) =>
  queryOptions({
    queryKey: ['business-deletion', businessId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/businesses/{business_id}/deletion', { path: { business_id: businessId }, signal }))
        .body,
    staleTime: 60_000,
  });

export const stagesQuery = () =>
  queryOptions({
    queryKey: ['stages'],
    queryFn: ({ signal }) =>
      readAll<Stage>((cursor) => call('get', '/api/v1/stages', { query: { limit: PAGE_SIZE, cursor }, signal })),
    select: (stages) => stages.toSorted((a, b) => a.position - b.position || a.created_at.localeCompare(b.created_at)),
  });

export const templatesQuery = () =>
  queryOptions({
    queryKey: ['templates'],
    queryFn: ({ signal }) =>
      readAll<Template>((cursor) => call('get', '/api/v1/templates', { query: { limit: PAGE_SIZE, cursor }, signal })),
  });

export const variablesQuery = () =>
  queryOptions({
    queryKey: ['variables'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/variables', { signal })).body,
  });

/** The names of the secrets; only owners may read them. */
export const secretsQuery = () =>
  queryOptions({
    queryKey: ['secrets'],
    queryFn: ({ signal }) =>
      readAll<Secret>((cursor) => call('get', '/api/v1/secrets', { query: { limit: PAGE_SIZE, cursor }, signal })),
  });

export const usersQuery = () =>
  queryOptions({
    queryKey: ['users'],
    queryFn: ({ signal }) =>
      readAll<User>((cursor) => call('get', '/api/v1/users', { query: { limit: PAGE_SIZE, cursor }, signal })),
  });

export const userQuery = (userId: string) =>
  queryOptions({
    queryKey: ['user', userId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/users/{user_id}', { path: { user_id: userId }, signal })).body,
    staleTime: 60_000,
  });

export const agentsQuery = () =>
  queryOptions({
    queryKey: ['agents'],
    queryFn: ({ signal }) =>
      readAll<Agent>((cursor) => call('get', '/api/v1/agents', { query: { limit: PAGE_SIZE, cursor }, signal })),
  });

export const cannedRepliesQuery = () =>
  queryOptions({
    queryKey: ['canned-replies'],
    queryFn: ({ signal }) =>
      readAll<CannedReply>((cursor) =>
        call('get', '/api/v1/canned-replies', { query: { limit: PAGE_SIZE, cursor }, signal }),
      ),
  });

export const conversationQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['conversation', conversationId],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/conversations/{conversation_id}', {
          path: { conversation_id: conversationId },
          signal,
        })
      ).body,
  });

export const articleQuery = (articleId: string) =>
  queryOptions({
    queryKey: ['articles', articleId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/articles/{article_id}', { path: { article_id: articleId }, signal })).body,
  });

export const turnQuery = (turnId: string) =>
  queryOptions({
    queryKey: ['turn', turnId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/turns/{turn_id}', { path: { turn_id: turnId }, signal })).body,
  });

/** Whether the model answers, judged by the recent calls of the business. It also changes as time passes: it is `ok`
 * five seconds after the last failure, so the recovery is shown within ten seconds. */
export const modelStatusQuery = () =>
  queryOptions({
    queryKey: ['model-status'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/model-status', { signal })).body,
    refetchInterval: ({ state }) =>
      state.data?.status === 'degraded' || state.data?.status === 'down' ? 3_000 : 8_000,
  });

/** What the business has spent today and this month. A live update comes at 50, 80 and 100 percent of a limit. */
export const budgetQuery = () =>
  queryOptions({
    queryKey: ['budget'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/budget', { signal })).body,
    refetchInterval: 60_000,
  });

/** The number of conversations in each filter of the inbox. */
export const countsQuery = () =>
  queryOptions({
    queryKey: ['conversations', 'counts'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/conversations/counts', { signal })).body,
  });

/** The members who can handle conversations. */
export const assigneesQuery = () =>
  queryOptions({
    queryKey: ['assignees'],
    queryFn: ({ signal }) =>
      readAll((cursor) => call('get', '/api/v1/assignees', { query: { limit: PAGE_SIZE, cursor }, signal })),
    staleTime: 60_000,
  });

export const webhooksQuery = () =>
  queryOptions({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) =>
      readAll<Webhook>((cursor) => call('get', '/api/v1/webhooks', { query: { limit: PAGE_SIZE, cursor }, signal })),
    staleTime: 60_000,
  });
