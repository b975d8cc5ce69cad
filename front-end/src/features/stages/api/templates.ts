import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { readAll } from '@/lib/queries';
import type { Template, TemplateUpdate, TemplateVersion } from '@/lib/types';

/** The types that a business can create; the platform's defaults have types of their own. */
export const TEMPLATE_TYPES = [
  'stage_selection',
  'data_extraction',
  'response_generation',
  'conversation_summary',
] as const;

export interface Versioned {
  row: Template;
  etag: string | null;
}

export const templateQuery = (templateId: string) =>
  queryOptions({
    queryKey: ['template', templateId],
    queryFn: async ({ signal }): Promise<Versioned> => readTemplate(templateId, signal),
  });

export async function readTemplate(templateId: string, signal?: AbortSignal): Promise<Versioned> {
  const answer = await call('get', '/api/v1/templates/{template_id}', { path: { template_id: templateId }, signal });
  return { row: answer.body, etag: answer.etag };
}

export const versionsQuery = (templateId: string) =>
  queryOptions({
    queryKey: ['template', templateId, 'versions'],
    queryFn: async ({ signal }) =>
      (
        await readAll<TemplateVersion>((cursor) =>
          call('get', '/api/v1/templates/{template_id}/versions', {
            path: { template_id: templateId },
            query: { limit: 200, cursor },
            signal,
          }),
        )
      ).toReversed(),
  });

export const defaultTemplatesQuery = () =>
  queryOptions({
    queryKey: ['templates', 'defaults'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/templates/default-templates', { query: { limit: 200 }, signal })).body,
  });

/** The latest conversations, used to preview a template. */
export const previewConversationsQuery = () =>
  queryOptions({
    queryKey: ['conversations', 'preview'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/conversations', { query: { order: 'newest', limit: 50 }, signal })).body,
  });

/** The latest messages of the customer in a conversation, newest first. */
export const previewMessagesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['conversation', conversationId, 'preview'],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/conversations/{conversation_id}/messages', {
          path: { conversation_id: conversationId },
          query: { order: 'newest', limit: 100 },
          signal,
        })
      ).body.filter((each) => each.sender_type === 'user' && each.turn_id !== null),
  });

export interface PreviewInput {
  content: string;
  systemPrompt: string;
  templateType: string;
  historyTokens: number | null;
  turnId: string | null;
  conversationId: string | null;
  values: Record<string, string>;
}

export const previewQuery = ({
  content,
  systemPrompt,
  templateType,
  historyTokens,
  turnId,
  conversationId,
  values,
}: PreviewInput) =>
  queryOptions({
    queryKey: ['preview', content, systemPrompt, templateType, historyTokens, turnId, conversationId, values],
    queryFn: async ({ signal }) =>
      (
        await call('post', '/api/v1/templates/preview', {
          body: {
            content,
            system_prompt: systemPrompt,
            template_type: templateType.replace(/^default_/, ''),
            ...(turnId ? { turn_id: turnId } : {}),
            ...(historyTokens ? { history_tokens: historyTokens } : {}),
            ...(conversationId ? { conversation_id: conversationId } : {}),
            ...(Object.keys(values).length ? { values } : {}),
          },
          signal,
        })
      ).body,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });

/** Mutations of a template. Each returns the new row and its ETag; a stale ETag raises an ApiError with status 412. */
export function useChangeTemplate(templateId: string) {
  const queryClient = useQueryClient();
  const path = { template_id: templateId };
  const done = async (answer: { body: Template; etag: string | null }): Promise<Versioned> => {
    const versioned = { row: answer.body, etag: answer.etag };
    queryClient.setQueryData(templateQuery(templateId).queryKey, versioned);
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ['template', templateId, 'versions'] }),
      queryClient.invalidateQueries({ queryKey: ['templates'] }),
      queryClient.invalidateQueries({ queryKey: ['stage'] }),
    ]);
    return versioned;
  };
  return {
    save: useMutation({
      mutationFn: async ({ changes, etag }: { changes: TemplateUpdate; etag: string | null }) =>
        done(await call('put', '/api/v1/templates/{template_id}', { path, body: changes, ifMatch: etag })),
    }),
    applyDefault: useMutation({
      mutationFn: async (etag: string | null) =>
        done(await call('post', '/api/v1/templates/{template_id}/apply-default', { path, body: {}, ifMatch: etag })),
    }),
    restore: useMutation({
      mutationFn: async ({ version, etag }: { version: number; etag: string | null }) =>
        done(await call('post', '/api/v1/templates/{template_id}/restore', { path, body: { version }, ifMatch: etag })),
    }),
    remove: useMutation({
      mutationFn: async (etag: string | null) => {
        await call('delete', '/api/v1/templates/{template_id}', { path, ifMatch: etag });
        await queryClient.invalidateQueries({ queryKey: ['templates'] });
      },
    }),
  };
}

export function useCreateTemplate() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (values: { template_name: string; template_type: (typeof TEMPLATE_TYPES)[number] }) =>
      (await call('post', '/api/v1/templates', { body: values })).body.template_id,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['templates'] }),
  });
}
