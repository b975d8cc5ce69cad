import { Checkbox, FormControlLabel, Stack } from '@mui/material';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import type { SettingProps } from '../api/settings';
import { SettingFormCard } from './SettingFormCard';
import { useSettingForm } from './useSettingForm';

const RULES = ['needs_person', 'low_confidence', 'failed_lookups'] as const;
const TEXTS = ['handover_message', 'clarifying_question'] as const;

/** Each keyword once, one per line. */
function keywordsOf(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean);
}

/** When the assistant hands a conversation over to a person, and what it says then. */
export function HandoverSetting(props: SettingProps) {
  const { canEdit } = useSession();
  const { settings } = props.loaded.body;
  const form = useSettingForm({
    ...props,
    section: 'handover',
    saved: {
      needs_person: settings.handover?.needs_person ?? true,
      low_confidence: settings.handover?.low_confidence ?? false,
      failed_lookups: settings.handover?.failed_lookups ?? false,
      keywords: (settings.handover?.keywords ?? []).join('\n'),
      handover_message: settings.handover_message ?? '',
      clarifying_question: settings.clarifying_question ?? '',
    },
    toChanges: ({ keywords, handover_message: message, clarifying_question: question, ...rules }) => ({
      settings: {
        handover: { ...rules, keywords: keywordsOf(keywords) },
        handover_message: message.trim() || undefined,
        clarifying_question: question.trim() || undefined,
      },
    }),
  });
  return (
    <SettingFormCard title={texts.settings.handover} hint={texts.settings.handoverHint} form={form}>
      <Stack>
        {RULES.map((rule) => (
          <FormControlLabel
            key={rule}
            disabled={!canEdit}
            control={
              <Checkbox
                checked={form.values[rule]}
                onChange={(event) => form.change({ [rule]: event.target.checked })}
              />
            }
            label={texts.settings.handoverRules[rule]}
          />
        ))}
      </Stack>
      <TextField
        multiline
        minRows={3}
        maxRows={10}
        disabled={!canEdit}
        label={texts.settings.keywords}
        helperText={texts.settings.keywordsHint}
        value={form.values.keywords}
        onChange={(event) => form.change({ keywords: event.target.value })}
      />
      {TEXTS.map((name) => (
        <TextField
          key={name}
          multiline
          maxRows={8}
          disabled={!canEdit}
          label={texts.settings.ownTexts[name].label}
          helperText={texts.settings.ownTexts[name].hint}
          value={form.values[name]}
          slotProps={{ htmlInput: { maxLength: 2000 } }}
          onChange={(event) => form.change({ [name]: event.target.value })}
        />
      ))}
    </SettingFormCard>
  );
}
