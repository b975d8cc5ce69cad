import { Alert } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Page } from '@/components/Page';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { releasesTexts } from '@/config/texts/releases';
import { businessQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { Draft } from '../components/Draft';
import { ModeSetting } from '../components/ModeSetting';
import { Releases } from '../components/Releases';
import { Trial } from '../components/Trial';

/** The draft and the releases of the business's design. */
export default function ChangesPage() {
  const { business, canEdit } = useSession();
  const loaded = useQuery(businessQuery(business.business_id));
  return (
    <Page title={releasesTexts.title} description={releasesTexts.description}>
      {!canEdit && (
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      )}
      <QueryView query={loaded}>
        {(answer) => (
          <>
            {answer.body.settings.publishing === 'reviewed' && <Draft />}
            <Trial />
            <ModeSetting
              loaded={answer}
              title={releasesTexts.mode}
              options={[
                { name: 'publishing', value: 'direct', ...releasesTexts.modes.direct },
                { name: 'publishing', value: 'reviewed', ...releasesTexts.modes.reviewed },
              ]}
            />
            <ModeSetting
              loaded={answer}
              title={releasesTexts.pin}
              options={[
                { name: 'pin', value: 'turn', ...releasesTexts.pins.turn },
                { name: 'pin', value: 'conversation', ...releasesTexts.pins.conversation },
              ]}
            />
          </>
        )}
      </QueryView>
      <Releases />
    </Page>
  );
}
