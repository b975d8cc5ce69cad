/** Parts of MUI that pages show only after an action. */

import { lazy } from 'react';
import { loadWhenOpened } from './loadWhenOpened';

const loadItem = () => import('@mui/material/MenuItem');

export const Drawer = loadWhenOpened(async () => (await import('@mui/material/Drawer')).default);
export const Menu = loadWhenOpened(async () => {
  const [{ default: menu }] = await Promise.all([import('@mui/material/Menu'), loadItem()]);
  return menu;
});
/** An item of a menu; only to be used in one. */
export const MenuItem = lazy(loadItem) as unknown as Awaited<ReturnType<typeof loadItem>>['default'];
