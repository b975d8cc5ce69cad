/** The routes of the pages. The code of each page is loaded when it is first opened. */

import type { ComponentType } from 'react';
import { type LoaderFunctionArgs, Navigate, createBrowserRouter, data, useParams } from 'react-router';
import { Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { uuidOrNull } from '@/lib/format';
import { PageError, NotFound } from './ErrorPages';
import { Layout } from './Layout';
import { RequireSession } from './RequireSession';
import { StartRedirect } from './StartRedirect';

const page = (load: () => Promise<{ default: ComponentType }>) => ({
  lazy: async () => ({ Component: (await load()).default }),
});

/** A page for one resource. Path parameters must be UUIDs or one of `others`; otherwise the page is not found. */
const pageOf = (load: () => Promise<{ default: ComponentType }>, ...others: string[]) => ({
  ...page(load),
  loader: ({ params }: LoaderFunctionArgs) => {
    if (!Object.values(params).every((each) => uuidOrNull(each) || others.includes(each ?? ''))) throw data(null, 404);
    return null;
  },
});

/** The editor of a stage is its page now. */
function StageEditorRedirect() {
  const { stageId = 'new' } = useParams();
  return <Navigate to={paths.stage(stageId)} replace />;
}

export const router = createBrowserRouter(
  [
    {
      errorElement: <PageError />,
      hydrateFallbackElement: <Loading />,
      children: [
        { path: '/invitation', ...page(() => import('@/features/session/pages/InvitationPage')) },
        { path: paths.login, ...page(() => import('@/features/session/pages/LoginPage')) },
        {
          element: <RequireSession />,
          children: [
            {
              element: <Layout />,
              children: [
                {
                  errorElement: <PageError />,
                  children: [
                    { index: true, element: <StartRedirect /> },
                    { path: '/welcome', ...page(() => import('@/features/welcome/pages/WelcomePage')) },
                    {
                      path: '/inbox/:conversationId?',
                      ...pageOf(() => import('@/features/inbox/pages/InboxPage'), ''),
                    },
                    {
                      path: '/chat',
                      ...page(() => import('@/features/chat/pages/ChatPage')),
                      children: [
                        {
                          path: 'template/:templateId',
                          ...pageOf(() => import('@/features/stages/pages/TemplateDrawer')),
                        },
                      ],
                    },
                    {
                      path: '/conversations',
                      ...page(() => import('@/features/conversations/pages/ConversationsPage')),
                    },
                    {
                      path: '/conversations/:conversationId',
                      ...pageOf(() => import('@/features/conversations/pages/ConversationPage')),
                    },
                    { path: '/stages', ...page(() => import('@/features/stages/pages/StagesPage')) },
                    { path: '/stages/map', ...page(() => import('@/features/stages/pages/StageMapPage')) },
                    { path: '/stages/:stageId', ...pageOf(() => import('@/features/stages/pages/StagePage'), 'new') },
                    { path: '/stage-editor/:stageId', element: <StageEditorRedirect /> },
                    { path: '/templates', ...page(() => import('@/features/stages/pages/TemplatesPage')) },
                    {
                      path: '/templates/:templateId',
                      ...pageOf(() => import('@/features/stages/pages/TemplatePage')),
                    },
                    {
                      path: '/canned-replies',
                      ...page(() => import('@/features/canned-replies/pages/CannedRepliesPage')),
                    },
                    { path: '/knowledge', ...page(() => import('@/features/knowledge/pages/ArticlesPage')) },
                    {
                      path: '/knowledge/unanswered',
                      ...page(() => import('@/features/knowledge/pages/UnansweredPage')),
                    },
                    {
                      path: '/knowledge/:articleId',
                      ...pageOf(() => import('@/features/knowledge/pages/ArticlePage'), 'new'),
                    },
                    { path: '/variables', ...page(() => import('@/features/variables/pages/VariablesPage')) },
                    { path: '/imports', ...page(() => import('@/features/imports/pages/ImportsPage')) },
                    { path: '/hooks', ...page(() => import('@/features/hooks/pages/HooksPage')) },
                    { path: '/secrets', ...page(() => import('@/features/secrets/pages/SecretsPage')) },
                    { path: '/webhooks', ...page(() => import('@/features/webhooks/pages/WebhooksPage')) },
                    { path: '/webhooks/:webhookId', ...pageOf(() => import('@/features/webhooks/pages/WebhookPage')) },
                    { path: '/llm-calls', ...page(() => import('@/features/llm-calls/pages/LlmCallsPage')) },
                    { path: '/llm-calls/:callId', ...pageOf(() => import('@/features/llm-calls/pages/LlmCallPage')) },
                    { path: paths.settings, element: <Navigate to={paths.businessSettings} replace /> },
                    {
                      path: paths.businessSettings,
                      ...page(() => import('@/features/settings/pages/BusinessSettingsPage')),
                    },
                    {
                      path: paths.modelSettings,
                      ...page(() => import('@/features/settings/pages/ModelSettingsPage')),
                    },
                    { path: paths.agents, ...page(() => import('@/features/settings/pages/AgentsPage')) },
                    { path: paths.team, ...page(() => import('@/features/team/pages/TeamPage')) },
                    { path: paths.auditLog, ...page(() => import('@/features/audit-log/pages/AuditLogPage')) },
                    { path: paths.exportAndDelete, ...page(() => import('@/features/export/pages/ExportPage')) },
                    { path: '/sessions', ...page(() => import('@/features/sessions/pages/SessionsPage')) },
                    { path: '/health', ...page(() => import('@/features/health/pages/HealthPage')) },
                    { path: '/stage-editor', element: <Navigate to={paths.stage('new')} replace /> },
                    { path: '*', element: <NotFound /> },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
  { basename: import.meta.env.BASE_URL },
);
