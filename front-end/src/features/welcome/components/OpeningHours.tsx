import { FormHelperText, FormLabel, Stack } from '@mui/material';
import { useId } from 'react';
import { ToggleButtons } from '@/components/ToggleButtons';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { DAYS, type SimpleHours, isValid } from './simpleHours';

interface Props {
  /** null if the hours are too different for this form. */
  value: SimpleHours | null;
  showErrors: boolean;
  onChange: (hours: SimpleHours) => void;
}

/** The days on which the business is open, and one opening and closing time. */
export function OpeningHours({ value, showErrors, onChange }: Props) {
  const id = useId();
  return (
    <Stack role="group" aria-labelledby={id} spacing={1}>
      <FormLabel id={id} component="div">
        {texts.welcome.hours}
      </FormLabel>
      {value === null ? (
        <FormHelperText>{texts.welcome.hoursVary}</FormHelperText>
      ) : (
        <>
          <Stack direction="row" useFlexGap spacing={2} sx={{ flexWrap: 'wrap', alignItems: 'flex-start' }}>
            <ToggleButtons
              labelId={id}
              options={DAYS.map((day) => ({ value: day, label: texts.welcome.shortDays[day] }))}
              selected={value.days}
              onToggle={(day) =>
                onChange({
                  ...value,
                  days: DAYS.filter((each) => (each === day) !== value.days.includes(each)),
                })
              }
            />
            {value.days.length > 0 && (
              <Stack direction="row" spacing={1}>
                <Time
                  label={texts.welcome.opens}
                  value={value.start}
                  onChange={(start) => onChange({ ...value, start })}
                />
                <Time
                  label={texts.welcome.closes}
                  value={value.end}
                  error={showErrors && !isValid(value) ? texts.welcome.closesInvalid : undefined}
                  onChange={(end) => onChange({ ...value, end })}
                />
              </Stack>
            )}
          </Stack>
          <FormHelperText>{texts.welcome.hoursHint}</FormHelperText>
        </>
      )}
    </Stack>
  );
}

interface TimeProps {
  label: string;
  value: string;
  error?: string | undefined;
  onChange: (value: string) => void;
}

function Time({ label, value, error, onChange }: TimeProps) {
  return (
    <TextField
      type="time"
      label={label}
      value={value}
      error={Boolean(error)}
      helperText={error}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={{ width: 140 }}
    />
  );
}
