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
  stageEditor: (id: string) => `/stage-editor/${id}`,
  templates: '/templates',
  template: (id: string) => `/templates/${id}`,
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
  health: '/health',
  sessions: '/sessions',
} as const;
