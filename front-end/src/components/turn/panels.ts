/** The explanation of a turn, whose code is loaded after the page. */

import { loadWhenOpened } from '../loadWhenOpened';

export const TurnPanel = loadWhenOpened(async () => (await import('./TurnPanel')).TurnPanel);
export const RunningTurnPanel = loadWhenOpened(async () => (await import('./TurnPanel')).RunningTurnPanel);
