import { privacyTexts } from '@/config/texts/privacy';
import { MaskingSetting } from '../components/MaskingSetting';
import { RetentionSetting } from '../components/RetentionSetting';
import { SettingsFrame } from '../components/SettingsFrame';

export default function PrivacySettingsPage() {
  return (
    <SettingsFrame title={privacyTexts.title} description={privacyTexts.description}>
      {(props) => (
        <>
          <RetentionSetting {...props} />
          <MaskingSetting {...props} />
        </>
      )}
    </SettingsFrame>
  );
}
