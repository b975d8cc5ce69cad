import { Autocomplete, TextField } from '@mui/material';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { agentTexts } from '@/config/texts/agents';
import type { Answer } from '@/lib/client';
import { useSession } from '@/lib/session';
import type { Business } from '@/lib/types';
import { useSaveSettings } from '../api/settings';

const TIME_ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];

/** The time zone of the business, which working hours are in. A choice is saved at once. */
export function TimezoneField({ loaded }: { loaded: Answer<Business> }) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { settings, business_id: businessId } = loaded.body;
  const save = useSaveSettings(businessId);
  return (
    <>
      <Autocomplete
        disableClearable
        disabled={!canEdit || save.isPending}
        options={TIME_ZONES}
        value={settings.timezone ?? 'UTC'}
        onChange={(_, timezone) =>
          save.mutate(
            { settings: { ...settings, timezone }, etag: loaded.etag },
            { onSuccess: () => notify(texts.common.saved) },
          )
        }
        renderInput={(params) => (
          <TextField {...params} label={agentTexts.timezone} helperText={agentTexts.timezoneHint} />
        )}
        sx={{ maxWidth: 400, pt: 1 }}
      />
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </>
  );
}
