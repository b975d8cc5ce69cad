import { loadWhenOpened } from './loadWhenOpened';

/** Asks for confirmation before an action that cannot be undone easily. */
export const ConfirmDialog = loadWhenOpened(async () => (await import('./LoadedConfirmDialog')).LoadedConfirmDialog);
