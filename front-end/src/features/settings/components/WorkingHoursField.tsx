import { Box, Button, FormControlLabel, FormHelperText, IconButton, Stack, Switch, Typography } from '@mui/material';

import { TextField } from '@/components/TextField';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { agentTexts } from '@/config/texts/agents';
import type { WorkingHours } from '@/lib/types';
import { DAYS, type Day, OFFICE_HOURS, TIME_FIELD, endOf, isComplete, shownEnd } from './workingHours';

interface Props {
  value: WorkingHours;
  /** The time zone of the business. */
  timezone: string;
  /** Whether to show what is missing. */
  showErrors: boolean;
  disabled?: boolean;
  labels?: { title: string; onlyThen: string; always: string };
  onChange: (hours: WorkingHours) => void;
}

/** Weekly working hours: any number of intervals per day, or always. */
export function WorkingHoursField({ value, timezone, showErrors, disabled = false, onChange, ...props }: Props) {
  const labels = props.labels ?? {
    title: agentTexts.workingHours,
    onlyThen: agentTexts.onlyInWorkingHours,
    always: agentTexts.alwaysHint,
  };
  return (
    <Stack role="group" aria-label={labels.title} spacing={1}>
      <div>
        <FormControlLabel
          disabled={disabled}
          control={
            <Switch checked={value !== null} onChange={(_, isOn) => onChange(isOn ? [...OFFICE_HOURS] : null)} />
          }
          label={labels.onlyThen}
        />
        <FormHelperText sx={{ mt: 0 }}>
          {value === null ? labels.always : agentTexts.hoursHint({ timezone })}
        </FormHelperText>
      </div>
      {value !== null &&
        DAYS.map((day) => (
          <DayHours key={day} day={day} hours={value} showErrors={showErrors} disabled={disabled} onChange={onChange} />
        ))}
      {value?.length === 0 && showErrors && <FormHelperText error>{agentTexts.hoursNeeded}</FormHelperText>}
    </Stack>
  );
}

interface DayProps {
  day: Day;
  hours: NonNullable<WorkingHours>;
  showErrors: boolean;
  disabled: boolean;
  onChange: (hours: WorkingHours) => void;
}

function DayHours({ day, hours, showErrors, disabled, onChange }: DayProps) {
  const name = agentTexts.days[day];
  const intervals = hours.map((interval, index) => ({ interval, index })).filter((each) => each.interval.day === day);
  const change = (index: number, times: { start?: string; end?: string }) =>
    onChange(hours.map((each, at) => (at === index ? { ...each, ...times } : each)));
  return (
    <Box
      role="group"
      aria-label={name}
      sx={{
        display: 'grid',
        gap: 1,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '7rem minmax(0, 1fr)' },
        alignItems: 'start',
        borderTop: 1,
        borderColor: 'divider',
        pt: 1,
      }}
    >
      <Typography variant="body2" sx={{ fontWeight: 600, pt: { sm: 1 } }}>
        {name}
      </Typography>
      <Stack spacing={1}>
        {intervals.map(({ interval, index }, number) => (
          <Stack key={index} direction="row" spacing={1} sx={{ alignItems: 'start' }}>
            <TextField
              type="time"
              disabled={disabled}
              label={agentTexts.start}
              value={interval.start}
              onChange={(event) => change(index, { start: event.target.value })}
              slotProps={{
                htmlInput: { 'aria-label': agentTexts.startOf({ day: name, number: number + 1 }) },
                inputLabel: { shrink: true },
              }}
              sx={TIME_FIELD}
            />
            <TextField
              type="time"
              disabled={disabled}
              label={agentTexts.end}
              value={shownEnd(interval.end)}
              onChange={(event) => change(index, { end: endOf(event.target.value) })}
              error={showErrors && !isComplete(interval)}
              helperText={showErrors && !isComplete(interval) ? agentTexts.intervalInvalid : undefined}
              slotProps={{
                htmlInput: { 'aria-label': agentTexts.endOf({ day: name, number: number + 1 }) },
                inputLabel: { shrink: true },
              }}
              sx={TIME_FIELD}
            />
            <IconButton
              disabled={disabled}
              aria-label={agentTexts.removeInterval({ day: name, number: number + 1 })}
              onClick={() => onChange(hours.filter((_, at) => at !== index))}
            >
              <DeleteIcon />
            </IconButton>
          </Stack>
        ))}
        <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
          {!intervals.length && (
            <Typography variant="body2" color="textSecondary">
              {agentTexts.closed}
            </Typography>
          )}
          <Button
            size="small"
            disabled={disabled}
            startIcon={<AddIcon />}
            aria-label={agentTexts.addIntervalOn({ day: name })}
            onClick={() => onChange([...hours, { day, start: '09:00', end: '17:00' }])}
          >
            {agentTexts.addInterval}
          </Button>
        </Stack>
      </Stack>
    </Box>
  );
}
