import { Typography } from '@mui/material';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { privacyTexts } from '@/config/texts/privacy';
import { useSession } from '@/lib/session';
import type { Retention, SettingProps } from '../api/settings';
import { NumberField, isNumberIn, numberOf, textOf } from './NumberField';
import { SettingFormCard } from './SettingFormCard';
import { useSettingForm } from './useSettingForm';

const KINDS = ['messages', 'traces', 'calls', 'feedback', 'events'] as const;
const DAYS = { min: 1, max: 36_500, isInteger: true } as const;
const DEFAULT_DAYS_OF_CALLS = 90;

type Values = Record<(typeof KINDS)[number], string>;

function valuesOf(retention: Retention = {}): Values {
  const { messages, traces, feedback, events, calls = DEFAULT_DAYS_OF_CALLS } = retention;
  const text = (days: number | null | undefined) => textOf(days ?? undefined);
  return {
    messages: text(messages),
    traces: text(traces),
    calls: text(calls),
    feedback: text(feedback),
    events: text(events),
  };
}

/** Whether data is deleted that is kept at the moment. */
function isShorter(before: Values, after: Values): boolean {
  return KINDS.some((kind) => (numberOf(after[kind]) ?? Infinity) < (numberOf(before[kind]) ?? Infinity));
}

/** For how many days each kind of data is kept. Asks before data is deleted because of a change. */
export function RetentionSetting(props: SettingProps) {
  const { canEdit } = useSession();
  const [isAsking, setIsAsking] = useState(false);
  const saved = valuesOf(props.loaded.body.settings.retention);
  const form = useSettingForm({
    ...props,
    section: 'retention',
    saved,
    toChanges: ({ messages, traces, calls, feedback, events }) => ({
      settings: {
        retention: {
          messages: numberOf(messages) ?? null,
          traces: numberOf(traces) ?? null,
          calls: numberOf(calls) ?? null,
          feedback: numberOf(feedback) ?? null,
          events: numberOf(events) ?? null,
        },
      },
    }),
  });
  const submit = () => (isShorter(saved, form.values) ? setIsAsking(true) : form.submit());
  return (
    <>
      <SettingFormCard
        title={privacyTexts.retention}
        hint={privacyTexts.retentionHint}
        form={{ ...form, submit }}
        isValid={KINDS.every((kind) => isNumberIn(form.values[kind], DAYS))}
      >
        {KINDS.map((kind) => (
          <NumberField
            key={kind}
            label={privacyTexts.days[kind].label}
            hint={privacyTexts.days[kind].hint}
            value={form.values[kind]}
            range={DAYS}
            disabled={!canEdit}
            onChange={(text) => form.change({ [kind]: text })}
          />
        ))}
      </SettingFormCard>
      <ConfirmDialog
        open={isAsking}
        title={privacyTexts.deleteTitle}
        confirm={privacyTexts.deleteConfirm}
        busy={form.isPending}
        error={null}
        onClose={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false);
          form.submit();
        }}
      >
        <Typography>{privacyTexts.deleteBody}</Typography>
      </ConfirmDialog>
    </>
  );
}
