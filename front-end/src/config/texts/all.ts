/** The texts of the pages, grouped by feature. Keeping them together makes the wording consistent and translatable. */

export const product = 'ICMP';
export { cannedReplies } from './cannedReplies';
export { chat } from './chat';
export { common, deletionNotice, errors } from './common';
export { budgetNotice, live, modelStatus, nav, rulesMode, unsaved, webhookNotice } from './shell';
export { conversations } from './conversations';
export { health } from './health';
export { inbox, palette } from './inbox';
export { llmCalls } from './llmCalls';
export { introduction, invitation, login } from './session';
export { settings } from './settings';
export { stageMap, stages } from './stages';
export { templates } from './templates';
export { translations } from './translations';
export { turn } from './turn';
export { variables } from './variables';
export { welcome } from './welcome';
