/** Texts used on many pages: buttons, states, units, errors. */

/** The number with the singular or plural noun. */
export const count = (n: number, singular: string, plural: string) =>
  `${n.toLocaleString()} ${n === 1 ? singular : plural}`;

export const common = {
  pausedNotice: 'The assistant is paused for the whole business. Messages wait for a person.',
  loading: 'Loading',
  retry: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  dismiss: 'Dismiss',
  save: 'Save',
  saving: 'Saving…',
  saved: 'Saved.',
  edit: 'Edit',
  delete: 'Delete',
  deleted: 'Deleted.',
  create: 'Create',
  copy: 'Copy',
  copied: 'Copied.',
  copyFailed: 'Your browser does not allow copying here. Select the text and copy it yourself.',
  linkTitle: (name: string) => `Send this link to ${name}`,
  linkHint: (until: string) =>
    `It works once, until ${until}. It is shown only now: if it is lost, create another one.`,
  linkMailedTitle: (name: string) => `A link was mailed to ${name}`,
  linkMailedHint: (until: string) => `It works once, until ${until}. If it does not arrive, create another one.`,
  link: 'Link',
  loadMore: 'Load more',
  none: 'None',
  yes: 'Yes',
  no: 'No',
  all: 'All',
  active: 'Active',
  inactive: 'Inactive',
  optional: 'Optional',
  search: 'Search',
  name: 'Name',
  description: 'Description',
  unknown: 'Unknown',
  requestId: (id: string) => `Request ID: ${id}`,
  waitSeconds: (seconds: number) => `Try again in ${count(seconds, 'second', 'seconds')}.`,
  milliseconds: (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`),
  tokens: (prompt: number, completion: number) => count(prompt + completion, 'token', 'tokens'),
  tokenDetails: (prompt: number, completion: number) =>
    `${prompt.toLocaleString()} input, ${completion.toLocaleString()} output`,
  bytes: (n: number) => {
    const units = ['B', 'KB', 'MB', 'GB', 'TB'];
    const power = Math.min(Math.floor(Math.log10(Math.max(n, 1)) / 3), units.length - 1);
    const value = n / 1000 ** power;
    return `${value.toLocaleString(undefined, { maximumFractionDigits: power && value < 10 ? 1 : 0 })} ${units[power]}`;
  },
  dollars: (usd: number) => (usd === 0 ? '$0' : usd < 0.01 ? `$${usd.toFixed(5)}` : `$${usd.toFixed(2)}`),
  percent: (share: number) => `${Math.round(share * 100)}%`,
  version: (n: number) => `Version ${n}`,
  readOnly: 'You have read-only access. Owners can make changes.',
  conflictNone: 'No conflicts. Continue to keep both changes.',
  conflictOtherChanges: (names: string) => `They also changed: ${names}.`,
  conflictTheirs: 'Their version (saved)',
  conflictMine: 'Your version (not saved)',
  conflictKeepMine: 'Keep my version',
  conflictTakeTheirs: 'Use their version',
  conflictTaken: 'You are now editing their version.',
  conflictUndo: 'Restore my version',
  conflictReloadFailed:
    'Someone else changed or deleted this, and the latest version could not be loaded. Your changes are still here.',
} as const;

export const errors = {
  title: 'Could not load this',
  unreachable: 'The server is not responding. Check your connection and that the server is running.',
  offlineTitle: 'You are offline',
  offlineHint: 'Try again when the connection is back.',
  offlinePageHint: 'This page opens when the connection is back.',
  notLoaded: 'This page could not be loaded',
  crashed: 'Something went wrong on this page',
  crashedHint: 'Your saved data is safe. Reload the page. If the problem continues, contact your administrator.',
  reload: 'Reload the page',
  notFound: 'Page not found',
  notFoundHint: 'The address may be wrong, or the item may have been deleted.',
  toStart: 'Go to the start page',
  actionFailed: 'Something went wrong',
  codeNotLoaded: 'The server is not responding, or a newer version was installed. Reload the page.',
} as const;

export const deletionNotice = {
  planned: 'This business will be deleted on',
  details: 'Details',
} as const;
