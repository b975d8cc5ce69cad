import { Typography } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { FormDialog } from '@/components/FormDialog';
import { TextField } from '@/components/TextField';
import { useNotify } from '@/components/notify';
import { releasesTexts } from '@/config/texts/releases';
import { useChangeReleases } from '../api/releases';

interface Props {
  values: { note?: string; percent?: number };
  /** What the notification says afterwards. */
  done: (values: { number: number }) => string;
  onClose: () => void;
}

/** Publishes the draft without its test cases, for a reason. */
export function OverrideDialog({ values, done, onClose }: Props) {
  const notify = useNotify();
  const { publish } = useChangeReleases();
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const override = reason.trim();
    setMissing(!override);
    if (!override) return;
    await publish
      .mutateAsync({ ...values, override })
      .then(({ number }) => {
        notify(done({ number }));
        onClose();
      })
      .catch(() => undefined); // the dialog shows the error
  };
  return (
    <FormDialog
      title={releasesTexts.overrideTitle}
      submitLabel={releasesTexts.override}
      danger
      busy={publish.isPending}
      error={publish.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Typography>{releasesTexts.overrideText}</Typography>
      <TextField
        label={releasesTexts.reason}
        value={reason}
        error={isMissing}
        helperText={isMissing ? releasesTexts.reasonNeeded : undefined}
        multiline
        minRows={2}
        onChange={(event) => setReason(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 1000 } }}
      />
    </FormDialog>
  );
}
