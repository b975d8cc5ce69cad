import { useState } from 'react';
import { texts } from '@/config/texts';
import { isLanguageTag } from '@/lib/languages';
import { useSession } from '@/lib/session';
import type { SettingProps } from '../api/settings';
import { LanguagesField } from './LanguagesField';
import { SettingFormCard } from './SettingFormCard';
import { TimezoneField } from './TimezoneField';
import { WorkingHoursField } from './WorkingHoursField';
import { useSettingForm } from './useSettingForm';
import { inOrder, isComplete } from './workingHours';

/** When the business is open, where, and in which languages it replies. */
export function HoursSetting(props: SettingProps) {
  const { canEdit } = useSession();
  const { settings } = props.loaded.body;
  const [showErrors, setShowErrors] = useState(false);
  const form = useSettingForm({
    ...props,
    section: 'hours',
    saved: {
      hours: settings.business_hours ?? null,
      timezone: settings.timezone ?? 'UTC',
      languages: settings.languages ?? [],
    },
    toChanges: ({ hours, timezone, languages }) => ({
      settings: {
        business_hours: hours ? inOrder(hours) : undefined,
        timezone,
        languages: languages.length ? languages : undefined,
      },
    }),
  });
  const { hours, timezone, languages } = form.values;
  const isValid = hours === null || (hours.length > 0 && hours.every(isComplete));
  const submit = () => {
    setShowErrors(!isValid);
    if (isValid) form.submit();
  };
  return (
    <SettingFormCard
      title={texts.settings.hours}
      hint={texts.settings.hoursHint}
      form={{ ...form, submit }}
      isValid={languages.every(isLanguageTag)}
    >
      <TimezoneField value={timezone} disabled={!canEdit} onChange={(next) => form.change({ timezone: next })} />
      <LanguagesField
        value={languages}
        disabled={!canEdit}
        hint={texts.settings.languagesHint}
        onChange={(next) => form.change({ languages: next })}
      />
      <WorkingHoursField
        value={hours}
        timezone={timezone}
        disabled={!canEdit}
        showErrors={showErrors}
        labels={texts.settings.hoursLabels}
        onChange={(next) => form.change({ hours: next })}
      />
    </SettingFormCard>
  );
}
