import { Alert } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useState } from 'react';
import { Page } from '@/components/Page';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { businessQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { SettingProps } from '../api/settings';

interface Props {
  title: string;
  description: string;
  children: (props: SettingProps) => ReactNode;
}

/** A page with sections of settings. It asks before unsaved changes are lost. */
export function SettingsFrame({ title, description, children }: Props) {
  const { business, canEdit } = useSession();
  const loaded = useQuery(businessQuery(business.business_id));
  const [unsaved, setUnsaved] = useState<ReadonlySet<string>>(new Set());
  const report = useCallback(
    (section: string, isUnsaved: boolean) =>
      setUnsaved((last) => new Set(isUnsaved ? [...last, section] : [...last].filter((each) => each !== section))),
    [],
  );
  return (
    <Page title={title} description={description}>
      {!canEdit && (
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      )}
      <QueryView query={loaded}>{(answer) => children({ loaded: answer, onUnsaved: report })}</QueryView>
      <UnsavedGuard when={unsaved.size > 0} />
    </Page>
  );
}
