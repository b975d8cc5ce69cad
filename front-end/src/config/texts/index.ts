/** All texts of the pages, grouped by feature. Keeping them together makes the wording consistent and translatable. */

import { cannedReplies } from './cannedReplies';
import { chat } from './chat';
import { common, errors, live, modelStatus, nav, rulesMode, unsaved, webhookNotice } from './common';
import { conversations } from './conversations';
import { health } from './health';
import { inbox, palette } from './inbox';
import { llmCalls } from './llmCalls';
import { invitation, login, sessions } from './session';
import { settings } from './settings';
import { stages } from './stages';
import { templates } from './templates';
import { turn } from './turn';
import { variables } from './variables';
import { welcome } from './welcome';

export const texts = {
  product: 'ICMP',
  nav,
  common,
  errors,
  unsaved,
  rulesMode,
  modelStatus,
  webhookNotice,
  live,
  login,
  invitation,
  sessions,
  inbox,
  palette,
  chat,
  turn,
  conversations,
  settings,
  stages,
  templates,
  cannedReplies,
  variables,
  llmCalls,
  health,
  welcome,
} as const;
