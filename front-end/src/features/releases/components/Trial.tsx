import { Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { SelectField } from '@/components/SelectField';
import { useNotify } from '@/components/notify';
import { Card, ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { releasesTexts } from '@/config/texts/releases';
import { formatShare } from '@/lib/intl';
import { useSession } from '@/lib/session';
import { trialQuery, useChangeReleases } from '../api/releases';
import { SHARES } from './shares';

/** The release that answers a share of the new conversations, if there is one. */
export function Trial() {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { data: trial, error: loadError, refetch } = useQuery(trialQuery());
  const { setTrial, endTrial } = useChangeReleases();
  if (loadError) return <ErrorNotice title={texts.errors.title} error={loadError} onRetry={() => void refetch()} />;
  const releaseId = trial?.release_id;
  if (!releaseId || trial.number === null) return null;
  const error = setTrial.error ?? endTrial.error;
  const shares = [...new Set([...SHARES, trial.percent])].toSorted((one, other) => one - other);
  return (
    <Card component="section" aria-label={releasesTexts.trial}>
      <Stack spacing={2} sx={{ maxWidth: 760 }}>
        <Typography variant="h2">{releasesTexts.trial}</Typography>
        <Typography>
          {releasesTexts.onTrial({ number: trial.number, share: trial.percent / 100 })} {releasesTexts.trialHint}
        </Typography>
        {canEdit && (
          <Stack direction="row" useFlexGap spacing={1.5} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
            <SelectField
              label={releasesTexts.share}
              value={trial.percent}
              disabled={setTrial.isPending}
              fullWidth={false}
              sx={{ minWidth: 160 }}
              onChange={(event) =>
                setTrial.mutate(
                  { release_id: releaseId, percent: Number(event.target.value) },
                  { onSuccess: () => notify(releasesTexts.modeSaved) },
                )
              }
            >
              {shares.map((each) => (
                <option key={each} value={each}>
                  {formatShare(each / 100)}
                </option>
              ))}
            </SelectField>
            <Button
              loading={endTrial.isPending}
              onClick={() => endTrial.mutate(undefined, { onSuccess: () => notify(releasesTexts.trialEnded) })}
            >
              {releasesTexts.endTrial}
            </Button>
          </Stack>
        )}
        {error && <ErrorNotice error={error} onClose={() => (setTrial.reset(), endTrial.reset())} />}
      </Stack>
    </Card>
  );
}
