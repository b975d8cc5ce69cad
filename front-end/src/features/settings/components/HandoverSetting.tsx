import { Button, Checkbox, FormControlLabel, Stack, TextField } from '@mui/material';
import { useEffect, useState } from 'react';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { type Handover, type SettingProps, useSaveSettings } from '../api/settings';
import { SettingCard } from './SettingCard';

const RULES = ['needs_person', 'low_confidence', 'failed_lookups'] as const;

interface Values extends Record<(typeof RULES)[number], boolean> {
  /** One keyword per line. */
  keywords: string;
}

function valuesOf(handover: Handover | undefined): Values {
  return {
    needs_person: handover?.needs_person ?? true,
    low_confidence: handover?.low_confidence ?? false,
    failed_lookups: handover?.failed_lookups ?? false,
    keywords: (handover?.keywords ?? []).join('\n'),
  };
}

function keywordsOf(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean);
}

/** When the assistant hands a conversation over to a person. */
export function HandoverSetting({ loaded, onUnsaved }: SettingProps) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { settings, business_id: businessId } = loaded.body;
  const save = useSaveSettings(businessId);
  const saved = valuesOf(settings.handover);
  const [changed, setChanged] = useState<Partial<Values>>({});
  const values = { ...saved, ...changed };
  const isChanged =
    RULES.some((rule) => values[rule] !== saved[rule]) ||
    keywordsOf(values.keywords).join('\n') !== keywordsOf(saved.keywords).join('\n');
  const isUnsaved = isChanged && !save.isPending;
  useEffect(() => {
    onUnsaved('handover', isUnsaved);
    return () => onUnsaved('handover', false);
  }, [onUnsaved, isUnsaved]);
  const change = (next: Partial<Values>) => setChanged((last) => ({ ...last, ...next }));
  const submit = () =>
    save.mutate(
      {
        settings: { ...settings, handover: { ...values, keywords: keywordsOf(values.keywords) } },
        etag: loaded.etag,
      },
      {
        onSuccess: () => {
          setChanged({});
          notify(texts.common.saved);
        },
      },
    );
  return (
    <SettingCard title={texts.settings.handover} hint={texts.settings.handoverHint}>
      <Stack>
        {RULES.map((rule) => (
          <FormControlLabel
            key={rule}
            disabled={!canEdit}
            control={<Checkbox checked={values[rule]} onChange={(event) => change({ [rule]: event.target.checked })} />}
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
        value={values.keywords}
        onChange={(event) => change({ keywords: event.target.value })}
      />
      {save.error && <ErrorNotice error={save.error} onClose={save.reset} />}
      {canEdit && (
        <Button
          variant="contained"
          sx={{ alignSelf: 'flex-start' }}
          disabled={!isChanged}
          loading={save.isPending}
          onClick={submit}
        >
          {texts.common.save}
        </Button>
      )}
    </SettingCard>
  );
}
