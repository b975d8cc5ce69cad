import {
  CallsIcon,
  CannedRepliesIcon,
  ChatIcon,
  ConversationsIcon,
  HealthIcon,
  InboxIcon,
  IntegrationsIcon,
  SecretsIcon,
  SettingsIcon,
  StagesIcon,
  TemplatesIcon,
  VariablesIcon,
  WebhooksIcon,
} from '@/components/icons';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';

const PAGES = [
  { to: paths.inbox, label: texts.nav.inbox, Icon: InboxIcon },
  { to: paths.chat, label: texts.nav.chat, Icon: ChatIcon },
  { to: paths.conversations, label: texts.nav.conversations, Icon: ConversationsIcon },
  { to: paths.stages, label: texts.nav.stages, Icon: StagesIcon, also: ['/stage-editor'] },
  { to: paths.templates, label: texts.nav.templates, Icon: TemplatesIcon },
  { to: paths.cannedReplies, label: texts.nav.cannedReplies, Icon: CannedRepliesIcon },
  { to: paths.variables, label: texts.nav.variables, Icon: VariablesIcon },
  {
    to: paths.imports,
    label: texts.nav.integrations,
    Icon: IntegrationsIcon,
    isForOwners: true,
    hasTabs: true,
    also: [paths.hooks, paths.webhooks, paths.secrets],
  },
  { to: paths.imports, label: texts.nav.imports, Icon: IntegrationsIcon, isForOwners: true, isTab: true },
  { to: paths.hooks, label: texts.nav.hooks, Icon: IntegrationsIcon, isForOwners: true, isTab: true },
  { to: paths.webhooks, label: texts.nav.webhooks, Icon: WebhooksIcon, isForOwners: true, isTab: true },
  { to: paths.secrets, label: texts.nav.secrets, Icon: SecretsIcon, isForOwners: true, isTab: true },
  { to: paths.llmCalls, label: texts.nav.llmCalls, Icon: CallsIcon },
  { to: paths.settings, label: texts.nav.settings, Icon: SettingsIcon },
  { to: paths.health, label: texts.nav.health, Icon: HealthIcon },
];

/** The pages that the user may open. The navigation leaves out tabs, and the command palette lists them one by one. */
export function usePages() {
  const { canEdit } = useSession();
  return PAGES.filter((each) => canEdit || !each.isForOwners);
}
