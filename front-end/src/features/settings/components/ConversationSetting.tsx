import { useQuery } from '@tanstack/react-query';
import { SelectField } from '@/components/SelectField';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { SettingProps } from '../api/settings';
import { NumberField, isNumberIn, numberOf, textOf } from './NumberField';
import { SettingFormCard } from './SettingFormCard';
import { useSettingForm } from './useSettingForm';

const RANGES = {
  confidence: { min: 0, max: 100 },
  idle_minutes: { min: 1, max: 525_600, isInteger: true },
  summary_messages: { min: 0, max: 1000, isInteger: true },
} as const;
const NUMBERS = ['confidence', 'idle_minutes', 'summary_messages'] as const;

/** Where conversations start and end, and how certain a stage must be. */
export function ConversationSetting(props: SettingProps) {
  const { canEdit } = useSession();
  const stages = useQuery(stagesQuery());
  const { settings, default_stage_id: startingStage } = props.loaded.body;
  const threshold = settings.confidence_threshold;
  const form = useSettingForm({
    ...props,
    section: 'conversation',
    saved: {
      startingStage: startingStage ?? '',
      confidence: textOf(threshold === undefined ? undefined : Math.round(threshold * 1000) / 10),
      idle_minutes: textOf(settings.idle_minutes),
      summary_messages: textOf(settings.summary_messages),
    },
    toChanges: (values) => {
      const percent = numberOf(values.confidence);
      return {
        default_stage_id: values.startingStage || null,
        settings: {
          confidence_threshold: percent === undefined ? undefined : percent / 100,
          idle_minutes: numberOf(values.idle_minutes),
          summary_messages: numberOf(values.summary_messages),
        },
      };
    },
  });
  const isValid = NUMBERS.every((name) => isNumberIn(form.values[name], RANGES[name]));
  return (
    <SettingFormCard
      title={texts.settings.conversations}
      hint={texts.settings.conversationsHint}
      form={form}
      isValid={isValid}
    >
      <QueryView query={stages}>
        {(rows) => (
          <SelectField
            label={texts.settings.startingStage}
            helperText={texts.settings.startingStageHint}
            value={form.values.startingStage}
            disabled={!canEdit}
            onChange={(event) => form.change({ startingStage: event.target.value })}
          >
            <option value="">{texts.settings.firstStage}</option>
            {rows.map((stage) => (
              <option key={stage.stage_id} value={stage.stage_id} dir="auto">
                {stage.stage_name}
              </option>
            ))}
          </SelectField>
        )}
      </QueryView>
      {NUMBERS.map((name) => (
        <NumberField
          key={name}
          label={texts.settings.numbers[name].label}
          hint={texts.settings.numbers[name].hint}
          value={form.values[name]}
          range={RANGES[name]}
          disabled={!canEdit}
          onChange={(text) => form.change({ [name]: text })}
        />
      ))}
    </SettingFormCard>
  );
}
