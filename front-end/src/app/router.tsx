/** The routes of the pages. The code of each page is loaded when it is first opened. */

import { type ComponentType, type ReactNode, Suspense, startTransition, useEffect, useState } from 'react';
import { Navigate, Outlet, type RouteObject, Router, useParams, useRoutes } from 'react-router';
import { Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { uuidOrNull } from '@/lib/format';
import { browserHistory } from '@/lib/history';
import { NotFound } from './ErrorPages';
import { Layout } from './Layout';
import { LazyPage } from './LazyPage';
import { PageBoundary } from './PageBoundary';
import { RequireSession } from './RequireSession';
import { StartRedirect } from './StartRedirect';

type Load = () => Promise<{ default: ComponentType }>;

const page = (load: Load) => ({ element: <LazyPage load={load} /> });

/** A page for one resource. Path parameters must be UUIDs or one of `others`; otherwise the page is not found. */
const pageOf = (load: Load, ...others: string[]) => ({
  element: (
    <CheckedParams others={others}>
      <LazyPage load={load} />
    </CheckedParams>
  ),
});

function CheckedParams({ others, children }: { others: readonly string[]; children: ReactNode }) {
  const values = Object.values(useParams());
  return values.every((each) => uuidOrNull(each) || others.includes(each ?? '')) ? children : <NotFound />;
}

/** The editor of a stage is its page now. */
function StageEditorRedirect() {
  const { stageId = 'new' } = useParams();
  return <Navigate to={paths.stage(stageId)} replace />;
}

function createRoutes(): RouteObject[] {
  return [
    {
      children: [
        { path: '/invitation', ...page(() => import('@/features/session/pages/InvitationPage')) },
        { path: paths.demo, ...page(() => import('@/features/session/pages/DemoPage')) },
        { path: paths.signUp, ...page(() => import('@/features/session/pages/SignUpPage')) },
        { path: paths.forgotPassword, ...page(() => import('@/features/session/pages/ForgotPasswordPage')) },
        { path: '/reset-password', ...page(() => import('@/features/session/pages/ResetPasswordPage')) },
        { path: '/verify-email', ...page(() => import('@/features/session/pages/VerifyEmailPage')) },
        { path: paths.login, ...page(() => import('@/features/session/pages/LoginPage')) },
        {
          element: <RequireSession />,
          children: [
            {
              element: <Layout />,
              children: [
                {
                  element: (
                    <PageBoundary>
                      <Outlet />
                    </PageBoundary>
                  ),
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
                      children: [
                        {
                          path: 'template/:templateId',
                          ...pageOf(() => import('@/features/stages/pages/TemplateDrawer')),
                        },
                      ],
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
                    { path: paths.tests, ...page(() => import('@/features/test-cases/pages/TestsPage')) },
                    {
                      path: paths.simulations,
                      ...page(() => import('@/features/simulations/pages/SimulationsPage')),
                    },
                    {
                      path: paths.simulation(':simulationId'),
                      ...pageOf(() => import('@/features/simulations/pages/SimulationPage')),
                    },
                    { path: paths.changes, ...page(() => import('@/features/releases/pages/ChangesPage')) },
                    { path: '/data', element: <Navigate to="/data/customers" replace /> },
                    { path: '/data/customers', ...page(() => import('@/features/data/pages/CustomersPage')) },
                    { path: '/data/customers/:userId', ...pageOf(() => import('@/features/data/pages/CustomerPage')) },
                    { path: '/data/orders', ...page(() => import('@/features/data/pages/OrdersPage')) },
                    { path: '/data/products', ...page(() => import('@/features/data/pages/ProductsPage')) },
                    { path: '/data/events', ...page(() => import('@/features/data/pages/EventsPage')) },
                    { path: '/data/event-schemas', ...page(() => import('@/features/data/pages/EventSchemasPage')) },
                    { path: '/imports', ...page(() => import('@/features/imports/pages/ImportsPage')) },
                    { path: '/hooks', ...page(() => import('@/features/hooks/pages/HooksPage')) },
                    { path: '/secrets', ...page(() => import('@/features/secrets/pages/SecretsPage')) },
                    { path: '/channels', ...page(() => import('@/features/channels/pages/ChannelsPage')) },
                    { path: '/channels/:channelId', ...pageOf(() => import('@/features/channels/pages/ChannelPage')) },
                    { path: '/webhooks', ...page(() => import('@/features/webhooks/pages/WebhooksPage')) },
                    { path: '/webhooks/:webhookId', ...pageOf(() => import('@/features/webhooks/pages/WebhookPage')) },
                    { path: paths.feedback, ...page(() => import('@/features/feedback/pages/FeedbackPage')) },
                    { path: '/insights', ...page(() => import('@/features/insights/pages/OverviewPage')) },
                    { path: '/insights/anomalies', ...page(() => import('@/features/insights/pages/AnomaliesPage')) },
                    {
                      path: '/insights/conversations',
                      ...page(() => import('@/features/insights/pages/DrillDownPage')),
                    },
                    { path: '/insights/cost', ...page(() => import('@/features/insights/pages/CostPage')) },
                    { path: '/insights/funnel', ...page(() => import('@/features/insights/pages/FunnelPage')) },
                    { path: '/insights/handovers', ...page(() => import('@/features/insights/pages/HandoversPage')) },
                    { path: '/insights/latency', ...page(() => import('@/features/insights/pages/LatencyPage')) },
                    { path: '/insights/stages', ...page(() => import('@/features/insights/pages/StageFiguresPage')) },
                    {
                      path: '/insights/unanswered',
                      ...page(() => import('@/features/insights/pages/UnansweredFiguresPage')),
                    },
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
                    { path: paths.budget, ...page(() => import('@/features/settings/pages/BudgetPage')) },
                    {
                      path: paths.privacySettings,
                      ...page(() => import('@/features/settings/pages/PrivacySettingsPage')),
                    },
                    { path: paths.agents, ...page(() => import('@/features/settings/pages/AgentsPage')) },
                    { path: paths.team, ...page(() => import('@/features/team/pages/TeamPage')) },
                    { path: paths.auditLog, ...page(() => import('@/features/audit-log/pages/AuditLogPage')) },
                    { path: paths.exportAndDelete, ...page(() => import('@/features/export/pages/ExportPage')) },
                    { path: paths.apiKeys, ...page(() => import('@/features/api-keys/pages/ApiKeysPage')) },
                    { path: paths.security, ...page(() => import('@/features/security/pages/SecurityPage')) },
                    { path: '/sessions', element: <Navigate to={paths.security} replace /> },
                    { path: '/health', ...page(() => import('@/features/health/pages/HealthPage')) },
                    {
                      path: paths.operatorBusinesses,
                      ...page(() => import('@/features/operator/pages/BusinessesPage')),
                    },
                    { path: paths.operatorUsers, ...page(() => import('@/features/operator/pages/UsersPage')) },
                    {
                      path: paths.operatorTemplates,
                      ...page(() => import('@/features/operator/pages/DefaultTemplatesPage')),
                    },
                    { path: paths.operatorHealth, ...page(() => import('@/features/operator/pages/PlatformPage')) },
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
  ];
}

const routes = createRoutes();

/** All pages, at the browser's address. */
export function Pages() {
  const [entry, setEntry] = useState(browserHistory.entry);
  useEffect(() => {
    // In a transition, the previous page stays until the code of the next one is loaded.
    const show = () => startTransition(() => setEntry(browserHistory.entry));
    show();
    return browserHistory.listen(show);
  }, []);
  return (
    <Router
      basename={import.meta.env.BASE_URL}
      location={entry.location}
      navigationType={entry.action}
      navigator={browserHistory}
    >
      <PageBoundary>
        <Suspense fallback={<Loading />}>
          <Routed />
        </Suspense>
      </PageBoundary>
    </Router>
  );
}

function Routed() {
  return useRoutes(routes);
}
