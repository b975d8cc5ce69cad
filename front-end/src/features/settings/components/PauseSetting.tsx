import { FormControlLabel, Switch, Typography } from '@mui/material';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { type SettingProps, useSaveSettings } from '../api/settings';
import { SettingCard } from './SettingCard';

/** Pauses the assistant for the whole business, or lets it answer again. Takes effect at once. */
export function PauseSetting({ loaded }: Pick<SettingProps, 'loaded'>) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const [isAsking, setIsAsking] = useState(false);
  const { settings, business_id: businessId } = loaded.body;
  const save = useSaveSettings(businessId);
  const isPaused = settings.ai_paused === true;
  const change = (aiPaused: boolean) =>
    save.mutate(
      { settings: { ...settings, ai_paused: aiPaused }, etag: loaded.etag },
      {
        onSuccess: () => {
          setIsAsking(false);
          notify(aiPaused ? texts.settings.pausedNow : texts.settings.resumedNow);
        },
      },
    );
  return (
    <SettingCard title={texts.settings.pause} hint={texts.settings.pauseHint}>
      <FormControlLabel
        disabled={!canEdit || save.isPending}
        control={
          <Switch checked={isPaused} onChange={(event) => (event.target.checked ? setIsAsking(true) : change(false))} />
        }
        label={texts.settings.pauseSwitch}
      />
      {save.error && !isAsking && <ErrorNotice error={save.error} onClose={save.reset} />}
      <ConfirmDialog
        open={isAsking}
        title={texts.settings.pauseTitle}
        confirm={texts.settings.pauseConfirm}
        busy={save.isPending}
        error={save.error}
        onClose={() => {
          setIsAsking(false);
          save.reset();
        }}
        onConfirm={() => change(true)}
      >
        <Typography>{texts.settings.pauseBody}</Typography>
      </ConfirmDialog>
    </SettingCard>
  );
}
