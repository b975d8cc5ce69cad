/** Parts of MUI that pages show only after an action. */

import { loadWhenOpened } from './loadWhenOpened';

export const Drawer = loadWhenOpened(async () => (await import('@mui/material/Drawer')).default);
export const Menu = loadWhenOpened(async () => (await import('@mui/material/Menu')).default);
