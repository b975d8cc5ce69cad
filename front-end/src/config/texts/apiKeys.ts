/** Texts of the page API keys. Not part of `texts`: the first page does not need them. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/apiKeys.ts'));

export const apiKeyTexts = translate('apiKeyTexts', {
  title: 'API keys',
  description: 'Keys with which your own servers use the API of this business. A key is shown only once.',
  new: 'New key',
  forOwners: 'API keys are managed by owners who are signed in with their email address.',
  empty: 'No API keys yet',
  emptyHint: 'Create a key for each system that uses the API, so that you can revoke one without the others.',
  name: 'Name',
  nameHint: 'What the key is for, such as “Web shop”.',
  nameMissing: 'Enter a name.',
  unnamed: 'Key without a name',
  scope: 'Permissions',
  scopes: {
    full: 'Everything except keys and members',
    messages: 'Send messages, read conversations',
    read: 'Read only',
  },
  scopeHints: {
    full: 'For servers that manage the business, such as imports of orders.',
    messages: 'For a chat window on your website. It cannot read templates, prompts or customers.',
    read: 'For reports. It reads what viewers can read, and changes nothing.',
  },
  expires: 'Expires',
  never: 'Never',
  days: '{n, plural, =365 {In one year} one {In # day} other {In # days}}',
  create: 'Create key',
  created: 'Created {time}',
  expiresOn: 'expires {time}',
  expired: 'Expired',
  lastUsed: 'last used {time}',
  neverUsed: 'never used',
  shownTitle: 'Copy the new key',
  shownHint: 'It is shown only now. Store it in your system; ICMP keeps only its hash.',
  key: 'API key',
  done: 'I have copied it',
  rotate: 'Rotate',
  rotateName: 'Rotate {name}',
  rotateTitle: 'Rotate {name}?',
  rotateHint: 'You get a new key with the same name and permissions.',
  grace: 'The old key keeps working',
  graces: { 0: 'Not at all', 3600: 'For one hour', 86400: 'For one day', 604800: 'For one week' },
  revoke: 'Revoke',
  revokeName: 'Revoke {name}',
  revokeTitle: 'Revoke {name}?',
  revokeHint: 'Systems that use it lose access immediately.',
  revoked: 'Key revoked.',
});
