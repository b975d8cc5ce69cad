import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { PAGE_SIZE, readAll } from '@/lib/queries';
import type { Channel, ChannelCreate, ChannelKind, ChannelUpdate } from '@/lib/types';
import { translatedKind } from './translatedKind';

const REFRESH_MS = 5000; // the status changes with each message

export const channelsQuery = () =>
  queryOptions({
    queryKey: ['channels'],
    queryFn: ({ signal }) =>
      readAll<Channel>((cursor) => call('get', '/api/v1/channels', { query: { limit: PAGE_SIZE, cursor }, signal })),
    refetchInterval: REFRESH_MS,
  });

export const channelQuery = (channelId: string) =>
  queryOptions({
    queryKey: ['channels', channelId],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/channels/{channel_id}', { path: { channel_id: channelId }, signal })).body,
    refetchInterval: REFRESH_MS,
  });

const translatedKinds = (kinds: ChannelKind[]) => kinds.map(translatedKind);

export const kindsQuery = () =>
  queryOptions({
    queryKey: ['channel-kinds'],
    queryFn: async ({ signal }) => (await call('get', '/api/v1/channels/kinds', { signal })).body,
    select: translatedKinds,
    staleTime: Infinity,
  });

export function useChangeChannels() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['channels'] });
  return {
    create: useMutation({
      mutationFn: async (body: ChannelCreate) => (await call('post', '/api/v1/channels', { body })).body,
      onSuccess,
    }),
    update: useMutation({
      mutationFn: async ({ channel, values }: { channel: Channel; values: ChannelUpdate }) =>
        (await call('put', '/api/v1/channels/{channel_id}', { path: { channel_id: channel.channel_id }, body: values }))
          .body,
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (channelId: string) =>
        call('delete', '/api/v1/channels/{channel_id}', { path: { channel_id: channelId } }),
      // Only the list: the deleted channel is gone.
      onSuccess: () => queryClient.invalidateQueries({ queryKey: ['channels'], exact: true }),
    }),
    test: useMutation({
      mutationFn: async ({ channel, recipient, text }: { channel: Channel; recipient: string; text: string }) =>
        (
          await call('post', '/api/v1/channels/{channel_id}/test', {
            path: { channel_id: channel.channel_id },
            body: { recipient_id: recipient, text },
          })
        ).body,
      onSuccess,
    }),
  };
}

/** The kind of a channel; undefined if it is not installed any more. */
export function kindOf(channel: Channel, kinds: readonly ChannelKind[]): ChannelKind | undefined {
  return kinds.find((each) => each.name === channel.kind);
}
