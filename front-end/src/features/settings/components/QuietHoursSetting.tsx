import { FormControlLabel, FormHelperText, Stack, Switch } from '@mui/material';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import type { SettingProps } from '../api/settings';
import { SettingFormCard } from './SettingFormCard';
import { useSettingForm } from './useSettingForm';
import { TIME_FIELD } from './workingHours';

const NIGHT = { start: '21:00', end: '08:00' };
const TIMES = ['start', 'end'] as const;

/** When the assistant does not write first. */
export function QuietHoursSetting(props: SettingProps) {
  const { canEdit } = useSession();
  const form = useSettingForm({
    ...props,
    section: 'quietHours',
    saved: { quiet: props.loaded.body.settings.quiet_hours ?? null },
    toChanges: ({ quiet }) => ({ settings: { quiet_hours: quiet ?? undefined } }),
  });
  const { quiet } = form.values;
  const isValid = quiet === null || (quiet.start !== '' && quiet.end !== '' && quiet.start !== quiet.end);
  return (
    <SettingFormCard
      title={texts.settings.quietHours}
      hint={texts.settings.quietHoursHint}
      form={form}
      isValid={isValid}
    >
      <FormControlLabel
        disabled={!canEdit}
        control={
          <Switch checked={quiet !== null} onChange={(_, isOn) => form.change({ quiet: isOn ? NIGHT : null })} />
        }
        label={texts.settings.keepsQuietHours}
      />
      {quiet && (
        <div>
          <Stack direction="row" spacing={1}>
            {TIMES.map((name) => (
              <TextField
                key={name}
                type="time"
                disabled={!canEdit}
                label={texts.settings.quietTimes[name]}
                value={quiet[name]}
                error={!isValid}
                onChange={(event) => form.change({ quiet: { ...quiet, [name]: event.target.value } })}
                slotProps={{ inputLabel: { shrink: true } }}
                sx={TIME_FIELD}
              />
            ))}
          </Stack>
          {!isValid && <FormHelperText error>{texts.settings.quietTimesInvalid}</FormHelperText>}
        </div>
      )}
    </SettingFormCard>
  );
}
