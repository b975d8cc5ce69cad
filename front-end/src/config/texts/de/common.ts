import type { Translation } from '../../translate';
import type * as en from '../common';

export const common: Translation<typeof en.common> = {
  pausedNotice: '', // The assistant is paused for the whole business. Messages wait for a person.
  loading: '', // Loading
  retry: '', // Try again
  cancel: '', // Cancel
  close: '', // Close
  dismiss: '', // Dismiss
  save: '', // Save
  saving: '', // Saving…
  saved: '', // Saved.
  edit: '', // Edit
  delete: '', // Delete
  deleted: '', // Deleted.
  create: '', // Create
  copy: '', // Copy
  copied: '', // Copied.
  copyFailed: '', // Your browser does not allow copying here. Select the text and copy it yourself.
  linkTitle: '', // Send this link to {name}
  linkHint: '', // It works once, until {until}. It is shown only now: if it is lost, create another one.
  linkMailedTitle: '', // A link was mailed to {name}
  linkMailedHint: '', // It works once, until {until}. If it does not arrive, create another one.
  link: '', // Link
  loadMore: '', // Load more
  none: '', // None
  yes: '', // Yes
  no: '', // No
  all: '', // All
  active: '', // Active
  inactive: '', // Inactive
  optional: '', // Optional
  search: '', // Search
  language: '', // Language
  name: '', // Name
  description: '', // Description
  unknown: '', // Unknown
  requestId: '', // Request ID: {id}
  waitSeconds: '', // Try again in {seconds, plural, one {# second} other {# seconds}}.
  tokens: '', // {n, plural, one {# token} other {# tokens}}
  tokenDetails: '', // {prompt, number} input, {completion, number} output
  version: '', // Version {n, number}
  readOnly: '', // You have read-only access. Owners can make changes.
  conflictNone: '', // No conflicts. Continue to keep both changes.
  conflictOtherChanges: '', // They also changed: {names}.
  conflictTheirs: '', // Their version (saved)
  conflictMine: '', // Your version (not saved)
  conflictKeepMine: '', // Keep my version
  conflictTakeTheirs: '', // Use their version
  conflictTaken: '', // You are now editing their version.
  conflictUndo: '', // Restore my version
  conflictReloadFailed: '', // Someone else changed or deleted this, and the latest version could not be loaded. Your changes are still here.
};

export const errors: Translation<typeof en.errors> = {
  title: '', // Could not load this
  unreachable: '', // The server is not responding. Check your connection and that the server is running.
  offlineTitle: '', // You are offline
  offlineHint: '', // Try again when the connection is back.
  offlinePageHint: '', // This page opens when the connection is back.
  notLoaded: '', // This page could not be loaded
  crashed: '', // Something went wrong on this page
  crashedHint: '', // Your saved data is safe. Reload the page. If the problem continues, contact your administrator.
  reload: '', // Reload the page
  notFound: '', // Page not found
  notFoundHint: '', // The address may be wrong, or the item may have been deleted.
  toStart: '', // Go to the start page
  actionFailed: '', // Something went wrong
  codeNotLoaded: '', // The server is not responding, or a newer version was installed. Reload the page.
};

export const deletionNotice: Translation<typeof en.deletionNotice> = {
  planned: '', // This business will be deleted on
  details: '', // Details
};
