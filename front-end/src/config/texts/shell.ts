/** Texts of what surrounds the pages: navigation, notices, and the question about unsaved changes. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/shell.ts'));

export const nav = translate('nav', {
  label: 'Pages',
  open: 'Open navigation',
  skip: 'Skip to content',
  inbox: 'Inbox',
  chat: 'Playground',
  assistant: 'Assistant',
  data: 'Data',
  insights: 'Insights',
  analytics: 'Analytics',
  overview: 'Overview',
  paths: 'Paths',
  cost: 'Cost',
  speed: 'Speed',
  handovers: 'Handovers',
  unansweredFigures: 'Unanswered',
  anomalies: 'Anomalies',
  conversations: 'Conversations',
  feedback: 'Feedback',
  stages: 'Stages',
  templates: 'Templates',
  cannedReplies: 'Canned replies',
  variables: 'Variables',
  tests: 'Tests',
  changes: 'Changes',
  knowledge: 'Knowledge',
  gettingStarted: 'Getting started',
  articles: 'Articles',
  unanswered: 'Unanswered questions',
  integrations: 'Integrations',
  customers: 'Customers',
  orders: 'Orders',
  products: 'Products',
  events: 'Events',
  imports: 'Imports',
  hooks: 'Hooks',
  secrets: 'Secrets',
  channels: 'Channels',
  webhooks: 'Webhooks',
  llmCalls: 'LLM calls',
  settings: 'Settings',
  business: 'Business',
  model: 'Model',
  budget: 'Budget',
  agents: 'Agents',
  team: 'Team',
  privacy: 'Privacy',
  auditLog: 'Audit log',
  exportAndDelete: 'Export and delete',
  health: 'System health',
  apiKeys: 'API keys',
  security: 'Security',
  signOut: 'Sign out',
  switchBusiness: 'Switch business',
  newBusiness: 'Create a business…',
  theme: 'Appearance',
  roles: { owner: 'Owner', agent: 'Agent', viewer: 'Viewer' },
  operator: 'Operator',
  operatorArea: 'Operator area',
  businesses: 'Businesses',
  users: 'Users',
  defaultTemplates: 'Default templates',
  platformHealth: 'Platform health',
  businessKey: 'Business key',
  keyRole: 'Full access',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
});

export const unsaved = translate('unsaved', {
  title: 'Leave without saving?',
  body: 'Your changes have not been saved.',
  stay: 'Stay',
  leave: 'Leave without saving',
});

export const rulesMode = translate('rulesMode', {
  title: 'Rules mode: no language model is connected.',
  more: 'Connect one',
  dismiss: 'Dismiss this notice',
  body: 'Stages are matched by similarity and answered with their fixed replies. Owners connect a model of their own in Settings → Model. The operator connects one for all businesses: set OPENAI_API_KEY (or OPENAI_BASE_URL for another server) and restart ICMP.',
});

export const webhookNotice = translate('webhookNotice', {
  disabled:
    '{n, plural, one {A webhook was disabled because it failed.} other {# webhooks were disabled because they failed.}}',
  show: 'Show',
});

export const budgetNotice = translate('budgetNotice', {
  day: '{share, number, ::percent} of today’s budget has been spent.',
  month: '{share, number, ::percent} of this month’s budget has been spent.',
  show: 'Show budget',
});

export const modelStatus = translate('modelStatus', {
  short: {
    ok: 'Model available',
    degraded: 'Model unreliable',
    down: 'Model not answering',
    none: 'Rules mode',
    unknown: 'Model not used recently',
  },
  degraded: 'Some calls to the language model fail',
  down: 'The language model is not answering',
  since: '(since {time})',
  showCalls: 'Show failed calls',
});

export const live = translate('live', {
  offline: 'You are offline. This page may be out of date, and changes cannot be saved.',
  interrupted: 'Live updates are interrupted. This page may be out of date. Reconnecting…',
});
