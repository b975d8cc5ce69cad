/** The paths of the pages, relative to /app. */

export const paths = {
  start: '/',
  login: '/login',
  welcome: '/welcome',
  inbox: '/inbox',
  inboxConversation: (id: string) => `/inbox/${id}`,
  chat: '/chat',
  chatWith: (userId: string, conversationId?: string) =>
    `/chat?customer=${userId}${conversationId ? `&conversation=${conversationId}` : ''}`,
  /** With this message filled in. */
  chatTrying: (userId: string | null, message: string) =>
    `/chat?${new URLSearchParams({ ...(userId ? { customer: userId } : {}), message }).toString()}`,
  conversations: '/conversations',
  conversation: (id: string, turnId?: string) => `/conversations/${id}${turnId ? `?turn=${turnId}` : ''}`,
  stages: '/stages',
  stage: (id: string) => `/stages/${id}`,
  stageMap: '/stages/map',
  templates: '/templates',
  /** A template, previewed with the data of a turn. */
  template: (id: string, turnId?: string) => `/templates/${id}${turnId ? `?turn=${turnId}` : ''}`,
  variables: '/variables',
  knowledge: '/knowledge',
  unanswered: '/knowledge/unanswered',
  article: (id: string) => `/knowledge/${id}`,
  cannedReplies: '/canned-replies',
  imports: '/imports',
  hooks: '/hooks',
  secrets: '/secrets',
  webhooks: '/webhooks',
  webhook: (id: string) => `/webhooks/${id}`,
  llmCalls: '/llm-calls',
  llmCall: (id: string) => `/llm-calls/${id}`,
  settings: '/settings',
  businessSettings: '/settings/business',
  modelSettings: '/settings/model',
  agents: '/settings/agents',
  team: '/settings/team',
  auditLog: '/settings/audit-log',
  exportAndDelete: '/settings/export',
  health: '/health',
  sessions: '/sessions',
} as const;
