import { texts } from '@/config/texts';
import { ModelSetting } from '../components/ModelSetting';
import { SettingsFrame } from '../components/SettingsFrame';
import { SpeculationSetting } from '../components/SpeculationSetting';

export default function ModelSettingsPage() {
  return (
    <SettingsFrame title={texts.settings.modelPage} description={texts.settings.modelPageHint}>
      {(props) => (
        <>
          <ModelSetting {...props} />
          <SpeculationSetting {...props} />
        </>
      )}
    </SettingsFrame>
  );
}
