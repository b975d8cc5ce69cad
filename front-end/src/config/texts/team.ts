/** Texts of the page with the members of the business. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/team.ts'));

export const teamTexts = translate('teamTexts', {
  title: 'Team',
  description: 'Who works for this business, and what each person may do.',
  needsLogin:
    'You are connected with the business key. Sign in with your email address as an owner to see and change the team.',
  members: 'Members',
  you: 'You',
  role: 'Role',
  roleOf: 'Role of {name}',
  roles: { owner: 'Owner', agent: 'Agent', viewer: 'Viewer' },
  roleHints: {
    owner: 'Changes everything: stages, settings, data, keys and the team.',
    agent: 'Answers customers in the inbox and writes in the playground. Sees everything else except keys and secrets.',
    viewer: 'Sees conversations, stages and data. Changes nothing.',
  },
  roleChanged: '{name} is now {role, select, owner {an owner} agent {an agent} other {a viewer}}.',
  ownRoleTitle: 'Give up the role of an owner?',
  ownRoleBody: 'Afterwards you can no longer change settings, and only another owner can give you the role back.',
  ownRoleConfirm: 'Give up the role',
  notSignedIn: 'Has not signed in yet',
  newLink: 'New link',
  newLinkFor: 'New link for {name}',
  remove: 'Remove',
  removeOf: 'Remove {name}',
  removeTitle: 'Remove {name}?',
  removeHint:
    'This person loses access at once. Their conversations are no longer assigned. If they are an owner, all open invitations are revoked too.',
  removed: '{name} was removed from the team.',
  invite: 'Invite',
  inviteTitle: 'Invite someone to the team',
  email: 'Email address',
  firstName: 'First name',
  lastName: 'Last name',
  nameHint: 'Used if this address has no account yet. The person can see it.',
  emailNeeded: 'Enter an email address.',
  nameNeeded: 'Enter a name.',
  create: 'Create invitation',
  added: '{name} has an account and is now a member.',
  invitations: 'Open invitations',
  invitationsHint: 'These people have not accepted yet. A new link replaces the previous one.',
  expires: 'Valid until {time}',
  expired: 'Expired',
  revoke: 'Revoke',
  revokeOf: 'Revoke the invitation of {email}',
  revokeTitle: 'Revoke the invitation of {email}?',
  revokeHint: 'Its link stops working at once.',
  revoked: 'Invitation revoked.',
});
