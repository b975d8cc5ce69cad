import { Alert } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { Page } from '@/components/Page';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { businessQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { AgentsSection } from '../components/AgentsSection';
import { HandoverSetting } from '../components/HandoverSetting';
import { PauseSetting } from '../components/PauseSetting';
import { SpeculationSetting } from '../components/SpeculationSetting';
import { WritableFieldsSetting } from '../components/WritableFieldsSetting';

export default function SettingsPage() {
  const { business, canEdit } = useSession();
  const loaded = useQuery(businessQuery(business.business_id));
  const [unsaved, setUnsaved] = useState<ReadonlySet<string>>(new Set());
  const report = useCallback(
    (section: string, isUnsaved: boolean) =>
      setUnsaved((last) => new Set(isUnsaved ? [...last, section] : [...last].filter((each) => each !== section))),
    [],
  );
  return (
    <Page title={texts.settings.title} description={texts.settings.description}>
      {!canEdit && (
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      )}
      <QueryView query={loaded}>
        {(answer) => (
          <>
            <PauseSetting loaded={answer} />
            <HandoverSetting loaded={answer} onUnsaved={report} />
            <AgentsSection loaded={answer} />
            <WritableFieldsSetting loaded={answer} onUnsaved={report} />
            <SpeculationSetting loaded={answer} onUnsaved={report} />
          </>
        )}
      </QueryView>
      <UnsavedGuard when={unsaved.size > 0} />
    </Page>
  );
}
