import { Button, Typography } from '@mui/material';
import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { texts } from '@/config/texts';
import { ConfirmDialog } from './ConfirmDialog';
import { useNotify } from './notify';

interface Props<Values> {
  isEnabled: boolean;
  labels: { enable: string; disable: string; disableTitle: string; disableHint: string };
  update: UseMutationResult<unknown, Error, Values>;
  /** What the update receives. */
  valuesFor: (enabled: boolean) => Values;
}

/** Enables something, or disables it after a confirmation. The page shows why it could not be enabled. */
export function EnableButton<Values>({ isEnabled, labels, update, valuesFor }: Props<Values>) {
  const notify = useNotify();
  const [isAsking, setIsAsking] = useState(false);
  const setEnabled = (enabled: boolean) =>
    update.mutate(valuesFor(enabled), {
      onSuccess: () => {
        setIsAsking(false);
        notify(texts.common.saved);
      },
    });
  return (
    <>
      <Button onClick={() => (isEnabled ? setIsAsking(true) : setEnabled(true))} disabled={update.isPending}>
        {isEnabled ? labels.disable : labels.enable}
      </Button>
      <ConfirmDialog
        open={isAsking}
        title={labels.disableTitle}
        confirm={labels.disable}
        danger
        busy={update.isPending}
        error={update.error}
        onClose={() => {
          setIsAsking(false);
          update.reset();
        }}
        onConfirm={() => setEnabled(false)}
      >
        <Typography>{labels.disableHint}</Typography>
      </ConfirmDialog>
    </>
  );
}
