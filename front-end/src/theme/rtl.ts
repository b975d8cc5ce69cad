/** Mirrors all styles, for languages that are written from right to left. */

import rtl from '@mui/stylis-plugin-rtl';
import { prefixer } from 'stylis';

export const plugins = [prefixer, rtl];
