import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '@/lib/client';
import { PAGE_SIZE, readAll } from '@/lib/queries';
import type { Member, MemberCreate, MemberInvitation } from '@/lib/types';

export type Role = Member['role'];

export const ROLES: readonly Role[] = ['viewer', 'agent', 'owner'];

export const membersQuery = (businessId: string) =>
  queryOptions({
    queryKey: ['team', businessId, 'members'],
    queryFn: ({ signal }) =>
      readAll<Member>((cursor) =>
        call('get', '/api/v1/businesses/{business_id}/members', {
          path: { business_id: businessId },
          query: { limit: PAGE_SIZE, cursor },
          signal,
        }),
      ),
  });

export const invitationsQuery = (businessId: string) =>
  queryOptions({
    queryKey: ['team', businessId, 'invitations'],
    queryFn: ({ signal }) =>
      readAll<MemberInvitation>((cursor) =>
        call('get', '/api/v1/businesses/{business_id}/invitations', {
          path: { business_id: businessId },
          query: { limit: PAGE_SIZE, cursor },
          signal,
        }),
      ),
  });

export function useChangeTeam(businessId: string) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['team', businessId] });
  const ofMember = (userId: string) => ({ path: { business_id: businessId, user_id: userId } });
  return {
    invite: useMutation({
      mutationFn: async (body: MemberCreate) =>
        (await call('post', '/api/v1/businesses/{business_id}/members', { path: { business_id: businessId }, body }))
          .body,
      onSuccess,
    }),
    /** Creates another link for a member who has not set a password yet. */
    inviteAgain: useMutation({
      mutationFn: async (userId: string) =>
        (await call('post', '/api/v1/businesses/{business_id}/members/{user_id}/invitation', ofMember(userId))).body,
    }),
    changeRole: useMutation({
      mutationFn: ({ userId, role }: { userId: string; role: Role }) =>
        call('put', '/api/v1/businesses/{business_id}/members/{user_id}', { ...ofMember(userId), body: { role } }),
      // The pages depend on the user's own role.
      onSuccess: () => Promise.all([onSuccess(), queryClient.invalidateQueries({ queryKey: ['me'] })]),
    }),
    remove: useMutation({
      mutationFn: (userId: string) =>
        call('delete', '/api/v1/businesses/{business_id}/members/{user_id}', ofMember(userId)),
      onSuccess,
    }),
    revoke: useMutation({
      mutationFn: (invitationId: string) =>
        call('delete', '/api/v1/businesses/{business_id}/invitations/{invitation_id}', {
          path: { business_id: businessId, invitation_id: invitationId },
        }),
      onSuccess,
    }),
  };
}
