import {
  AssistantIcon,
  ChatIcon,
  DataIcon,
  InboxIcon,
  InsightsIcon,
  OperatorIcon,
  SettingsIcon,
} from '@/components/icons';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { type Session, useSession } from '@/lib/session';

export interface PageLink {
  to: string;
  label: string;
  /** Other paths that belong to the page, besides those below `to`. */
  also?: readonly string[];
  /** Pages of the same group share one tab, and have a second row of tabs. */
  group?: string;
  /** Whether the tabs of the group keep the query of the address, such as a period. */
  keepsQuery?: boolean;
  /** Who may open the page. The default is everyone. */
  isFor?: 'owners' | 'signedInOwners' | 'operators';
}

export interface Section {
  label: string;
  Icon: typeof InboxIcon;
  pages: readonly PageLink[];
}

/** The navigation, by task. The pages of a section are its tabs. */
const allSections = (): readonly Section[] => [
  { label: texts.nav.inbox, Icon: InboxIcon, pages: [{ to: paths.inbox, label: texts.nav.inbox }] },
  { label: texts.nav.chat, Icon: ChatIcon, pages: [{ to: paths.chat, label: texts.nav.chat }] },
  {
    label: texts.nav.assistant,
    Icon: AssistantIcon,
    pages: [
      { to: paths.stages, label: texts.nav.stages },
      { to: paths.templates, label: texts.nav.templates },
      { to: paths.variables, label: texts.nav.variables },
      { to: paths.knowledge, label: texts.nav.articles, group: texts.nav.knowledge },
      { to: paths.unanswered, label: texts.nav.unanswered, group: texts.nav.knowledge },
      { to: paths.tests, label: texts.nav.tests },
      { to: paths.changes, label: texts.nav.changes },
      { to: paths.welcome, label: texts.nav.gettingStarted, isFor: 'owners' },
    ],
  },
  {
    label: texts.nav.data,
    Icon: DataIcon,
    pages: [
      { to: paths.customers, label: texts.nav.customers },
      { to: paths.orders, label: texts.nav.orders },
      { to: paths.products, label: texts.nav.products },
      { to: paths.events, label: texts.nav.events, also: [paths.eventSchemas] },
      { to: paths.imports, label: texts.nav.imports, isFor: 'owners' },
    ],
  },
  {
    label: texts.nav.insights,
    Icon: InsightsIcon,
    pages: [
      ...analyticsPages(),
      { to: paths.conversations, label: texts.nav.conversations },
      { to: paths.feedback, label: texts.nav.feedback },
      { to: paths.llmCalls, label: texts.nav.llmCalls },
      { to: paths.health, label: texts.nav.health },
    ],
  },
  {
    label: texts.nav.settings,
    Icon: SettingsIcon,
    pages: [
      { to: paths.businessSettings, label: texts.nav.business },
      { to: paths.modelSettings, label: texts.nav.model },
      { to: paths.budget, label: texts.nav.budget, isFor: 'owners' },
      { to: paths.channels, label: texts.nav.channels, isFor: 'owners' },
      { to: paths.agents, label: texts.nav.agents },
      { to: paths.team, label: texts.nav.team, isFor: 'owners' },
      { to: paths.cannedReplies, label: texts.nav.cannedReplies },
      { to: paths.hooks, label: texts.nav.hooks, group: texts.nav.integrations, isFor: 'owners' },
      { to: paths.webhooks, label: texts.nav.webhooks, group: texts.nav.integrations, isFor: 'owners' },
      { to: paths.secrets, label: texts.nav.secrets, group: texts.nav.integrations, isFor: 'owners' },
      { to: paths.apiKeys, label: texts.nav.apiKeys, isFor: 'signedInOwners' },
      { to: paths.security, label: texts.nav.security },
      { to: paths.privacySettings, label: texts.nav.privacy },
      { to: paths.auditLog, label: texts.nav.auditLog, isFor: 'owners' },
      { to: paths.exportAndDelete, label: texts.nav.exportAndDelete, isFor: 'owners' },
    ],
  },
  {
    label: texts.nav.operatorArea,
    Icon: OperatorIcon,
    pages: [
      { to: paths.operatorBusinesses, label: texts.nav.businesses, isFor: 'operators' },
      { to: paths.operatorUsers, label: texts.nav.users, isFor: 'operators' },
      { to: paths.operatorTemplates, label: texts.nav.defaultTemplates, isFor: 'operators' },
      { to: paths.operatorHealth, label: texts.nav.platformHealth, isFor: 'operators' },
    ],
  },
];

function analyticsPages(): PageLink[] {
  const page = (to: string, label: string): PageLink => ({
    to,
    label,
    group: texts.nav.analytics,
    keepsQuery: true,
    isFor: 'owners',
  });
  return [
    page(paths.insights, texts.nav.overview),
    page(paths.insightsPage('stages'), texts.nav.stages),
    page(paths.insightsPage('funnel'), texts.nav.paths),
    page(paths.insightsPage('cost'), texts.nav.cost),
    page(paths.insightsPage('latency'), texts.nav.speed),
    page(paths.insightsPage('handovers'), texts.nav.handovers),
    page(paths.insightsPage('unanswered'), texts.nav.unansweredFigures),
    page(paths.insightsPage('anomalies'), texts.nav.anomalies),
  ];
}

/** The sections with the pages that the user may open; those without any are left out. */
export function useSections(): Section[] {
  const session = useSession();
  return allSections()
    .map((each) => ({ ...each, pages: each.pages.filter((page) => mayOpen(page, session)) }))
    .filter((each) => each.pages.length > 0);
}

function mayOpen({ isFor }: PageLink, { canEdit, me }: Session): boolean {
  if (isFor === 'owners') return canEdit;
  if (isFor === 'signedInOwners') return canEdit && me.kind !== 'business'; // not with a business key
  return isFor !== 'operators' || me.is_operator;
}

/** The page that a path belongs to: the one whose own path is the longest beginning of it. */
export function pageAt(pages: readonly PageLink[], pathname: string): PageLink | undefined {
  const lengthIn = (page: PageLink) =>
    Math.max(
      0,
      ...[page.to, ...(page.also ?? [])]
        .filter((path) => pathname === path || pathname.startsWith(`${path}/`))
        .map((path) => path.length),
    );
  return pages.filter((page) => lengthIn(page) > 0).toSorted((a, b) => lengthIn(b) - lengthIn(a))[0];
}
