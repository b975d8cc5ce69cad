import { Button, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { releasesTexts } from '@/config/texts/releases';
import { latestReleaseQuery, useChangeReleases } from '../api/releases';
import { CheckNotice } from './CheckNotice';
import { Discard } from './Discard';
import { SHARES } from './shares';

const OverrideDialog = loadWhenOpened(async () => (await import('./OverrideDialog')).OverrideDialog);

/** Publishes the draft, or starts a trial with it. Its test cases run before. */
export function Publish() {
  const notify = useNotify();
  const { publish } = useChangeReleases();
  const { data: latest } = useQuery(latestReleaseQuery());
  const [note, setNote] = useState('');
  const [percent, setPercent] = useState<number | null>(null);
  const [isOverriding, setOverriding] = useState(false);
  const values = { ...(note.trim() ? { note: note.trim() } : {}), ...(percent === null ? {} : { percent }) };
  const done = percent === null ? releasesTexts.published : releasesTexts.trialStarted;
  const isChecking = latest?.status === 'checking';
  return (
    <Stack spacing={2} sx={{ maxWidth: 760 }}>
      <TextField
        label={releasesTexts.note}
        helperText={releasesTexts.noteHint}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 1000 } }}
      />
      <SelectField
        label={releasesTexts.audience}
        value={percent ?? ''}
        onChange={(event) => setPercent(event.target.value ? Number(event.target.value) : null)}
      >
        <option value="">{releasesTexts.everyone}</option>
        {SHARES.map((each) => (
          <option key={each} value={each}>
            {releasesTexts.shareOfNew({ share: each / 100 })}
          </option>
        ))}
      </SelectField>
      {latest && <CheckNotice release={latest} onOverride={() => setOverriding(true)} />}
      {publish.error && <ErrorNotice error={publish.error} onClose={publish.reset} />}
      <Stack direction="row" useFlexGap spacing={1.5} sx={{ flexWrap: 'wrap' }}>
        <Button
          variant="contained"
          loading={publish.isPending}
          disabled={isChecking}
          onClick={() =>
            publish.mutate(values, {
              onSuccess: ({ number, isChecked }) => notify((isChecked ? releasesTexts.checking : done)({ number })),
            })
          }
        >
          {percent === null ? releasesTexts.publish : releasesTexts.startTrial}
        </Button>
        <Discard disabled={isChecking} />
      </Stack>
      {isOverriding && <OverrideDialog values={values} done={done} onClose={() => setOverriding(false)} />}
    </Stack>
  );
}
