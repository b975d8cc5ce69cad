import { texts } from '@/config/texts';
import { ConversationSetting } from '../components/ConversationSetting';
import { HandoverSetting } from '../components/HandoverSetting';
import { HoursSetting } from '../components/HoursSetting';
import { PauseSetting } from '../components/PauseSetting';
import { ProfileSetting } from '../components/ProfileSetting';
import { QuietHoursSetting } from '../components/QuietHoursSetting';
import { SettingsFrame } from '../components/SettingsFrame';
import { WritableFieldsSetting } from '../components/WritableFieldsSetting';

export default function BusinessSettingsPage() {
  return (
    <SettingsFrame title={texts.settings.business} description={texts.settings.description}>
      {(props) => (
        <>
          <PauseSetting loaded={props.loaded} />
          <ProfileSetting {...props} />
          <HoursSetting {...props} />
          <QuietHoursSetting {...props} />
          <ConversationSetting {...props} />
          <HandoverSetting {...props} />
          <WritableFieldsSetting {...props} />
        </>
      )}
    </SettingsFrame>
  );
}
