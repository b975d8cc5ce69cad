import { Button, Typography } from '@mui/material';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { useNotify } from '@/components/notify';
import { releasesTexts } from '@/config/texts/releases';
import { useChangeReleases } from '../api/releases';

/** Discards the draft. */
export function Discard({ disabled }: { disabled: boolean }) {
  const notify = useNotify();
  const { discard } = useChangeReleases();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button color="error" disabled={disabled} onClick={() => setAsking(true)}>
        {releasesTexts.discard}
      </Button>
      <ConfirmDialog
        open={isAsking}
        title={releasesTexts.discardTitle}
        confirm={releasesTexts.discard}
        danger
        busy={discard.isPending}
        error={discard.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          discard.mutate(undefined, {
            onSuccess: () => {
              setAsking(false);
              notify(releasesTexts.discarded);
            },
          })
        }
      >
        <Typography>{releasesTexts.discardText}</Typography>
      </ConfirmDialog>
    </>
  );
}
