import { texts } from '@/config/texts';
import { AgentsSection } from '../components/AgentsSection';
import { SettingsFrame } from '../components/SettingsFrame';

export default function AgentsPage() {
  return (
    <SettingsFrame title={texts.settings.agents} description={texts.settings.agentsHint}>
      {({ loaded }) => <AgentsSection loaded={loaded} />}
    </SettingsFrame>
  );
}
