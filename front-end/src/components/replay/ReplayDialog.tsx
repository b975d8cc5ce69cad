import { Typography } from '@mui/material';
import { useState } from 'react';
import { FormDialog } from '@/components/FormDialog';
import { SelectField } from '@/components/SelectField';
import { texts } from '@/config/texts';
import { replayTexts } from '@/config/texts/replay';
import { REPLAYED_BY, type ReplayedBy, useReplay } from '@/lib/replays';
import { ReplayResult } from './ReplayResult';

/** Answers the message of a turn again, and compares the two answers. */
export function ReplayDialog({ turnId, onClose }: { turnId: string; onClose: () => void }) {
  const replay = useReplay();
  const [release, setRelease] = useState<ReplayedBy>('draft');
  return (
    <FormDialog
      title={replayTexts.title}
      submitLabel={replayTexts.start}
      closeLabel={texts.common.close}
      maxWidth="md"
      busy={replay.isPending}
      error={replay.error}
      onSubmit={async (event) => {
        event.preventDefault();
        await replay.mutateAsync({ turnId, release }).catch(() => undefined); // the dialog shows the error
      }}
      onClose={onClose}
    >
      <Typography variant="body2" color="textSecondary">
        {replayTexts.hint}
      </Typography>
      <SelectField
        autoFocus
        label={replayTexts.release}
        value={release}
        onChange={(event) => setRelease(event.target.value as ReplayedBy)}
      >
        {REPLAYED_BY.map((each) => (
          <option key={each} value={each}>
            {replayTexts.releases[each]}
          </option>
        ))}
      </SelectField>
      {replay.data && <ReplayResult result={replay.data} />}
    </FormDialog>
  );
}
