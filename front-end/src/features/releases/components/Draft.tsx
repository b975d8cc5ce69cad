import { Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { useNotify } from '@/components/notify';
import { Card, Empty, ErrorNotice, QueryView } from '@/components/states';
import { releasesTexts } from '@/config/texts/releases';
import { useSession } from '@/lib/session';
import { draftChangesQuery, useChangeReleases } from '../api/releases';
import { Changes } from './Changes';
import { SHARES } from './shares';

/** What is not live yet, and how it becomes live. */
export function Draft() {
  const { canEdit } = useSession();
  const changes = useQuery(draftChangesQuery());
  return (
    <Card component="section" aria-label={releasesTexts.draft}>
      <Stack spacing={2}>
        <Typography variant="h2">{releasesTexts.draft}</Typography>
        <QueryView query={changes}>
          {(rows) =>
            rows.length ? (
              <>
                <Changes changes={rows} label={releasesTexts.draft} />
                {canEdit && <Publish />}
              </>
            ) : (
              <Empty title={releasesTexts.none} hint={releasesTexts.noneHint} />
            )
          }
        </QueryView>
      </Stack>
    </Card>
  );
}

function Publish() {
  const notify = useNotify();
  const { publish, discard } = useChangeReleases();
  const [note, setNote] = useState('');
  const [percent, setPercent] = useState<number | null>(null);
  const [isDiscarding, setDiscarding] = useState(false);
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
      {publish.error && <ErrorNotice error={publish.error} onClose={publish.reset} />}
      <Stack direction="row" useFlexGap spacing={1.5} sx={{ flexWrap: 'wrap' }}>
        <Button
          variant="contained"
          loading={publish.isPending}
          onClick={() =>
            publish.mutate(
              { note: note.trim(), percent },
              {
                onSuccess: (number) =>
                  notify((percent === null ? releasesTexts.published : releasesTexts.trialStarted)({ number })),
              },
            )
          }
        >
          {percent === null ? releasesTexts.publish : releasesTexts.startTrial}
        </Button>
        <Button color="error" onClick={() => setDiscarding(true)}>
          {releasesTexts.discard}
        </Button>
      </Stack>
      <ConfirmDialog
        open={isDiscarding}
        title={releasesTexts.discardTitle}
        confirm={releasesTexts.discard}
        danger
        busy={discard.isPending}
        error={discard.error}
        onClose={() => setDiscarding(false)}
        onConfirm={() =>
          discard.mutate(undefined, {
            onSuccess: () => {
              setDiscarding(false);
              notify(releasesTexts.discarded);
            },
          })
        }
      >
        <Typography>{releasesTexts.discardText}</Typography>
      </ConfirmDialog>
    </Stack>
  );
}
