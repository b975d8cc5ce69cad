import { Checkbox, FormControl, FormControlLabel, FormGroup, FormHelperText, FormLabel } from '@mui/material';
import { useField, useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormTextField } from '@/components/FormTextField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { webhookTexts } from '@/config/texts/webhooks';
import type { Webhook, WebhookCreate } from '@/lib/types';
import { useChangeWebhooks } from '../api/webhooks';

const TYPES = [
  'conversation.started',
  'conversation.handed_over',
  'conversation.completed',
  'message.created',
  'turn.failed',
  'action.done',
  'order.updated',
  'budget.reached',
  'anomaly.found',
] as const satisfies WebhookCreate['events'];

interface Props {
  webhook: Webhook | null;
  /** Called with the signing secret of a new webhook. */
  onCreated?: (secret: string, webhookId: string) => void;
  onClose: () => void;
}

/** Creates a webhook, or changes the URL and the events of an existing one. */
export function WebhookDialog({ webhook, onCreated, onClose }: Props) {
  const notify = useNotify();
  const { create, update } = useChangeWebhooks();
  const { control, handleSubmit } = useForm({
    defaultValues: { url: webhook?.url ?? '', events: (webhook?.events ?? []) as WebhookCreate['events'] },
  });
  const events = useField({
    control,
    name: 'events',
    validate: (chosen) => chosen.length > 0 || webhookTexts.eventsInvalid,
  });
  const submit = handleSubmit(({ url, ...others }) => {
    const values = { url: url.trim(), ...others };
    if (webhook) {
      update.mutate(
        { webhook, values },
        {
          onSuccess: () => {
            notify(texts.common.saved);
            onClose();
          },
        },
      );
    } else {
      create.mutate(values, { onSuccess: ({ secret, webhook_id }) => onCreated?.(secret, webhook_id) });
    }
  });
  return (
    <FormDialog
      title={webhook ? webhookTexts.edit : webhookTexts.new}
      submitLabel={webhook ? texts.common.save : texts.common.create}
      maxWidth="sm"
      busy={create.isPending || update.isPending}
      error={create.error ?? update.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="url"
        autoFocus
        label={webhookTexts.url}
        helperText={webhookTexts.urlHint}
        validate={(url) => /^https?:\/\/./.test(url.trim()) || webhookTexts.urlInvalid}
        slotProps={{ htmlInput: { maxLength: 2000, autoComplete: 'off', spellCheck: false, inputMode: 'url' } }}
      />
      <FormControl component="fieldset" error={events.isInvalid}>
        <FormLabel component="legend">{webhookTexts.events}</FormLabel>
        <FormGroup>
          {TYPES.map((type) => (
            <FormControlLabel
              key={type}
              label={webhookTexts.types[type]}
              control={
                <Checkbox
                  size="small"
                  checked={events.value.includes(type)}
                  onChange={(_, checked) =>
                    events.onChange(TYPES.filter((each) => (each === type ? checked : events.value.includes(each))))
                  }
                />
              }
            />
          ))}
        </FormGroup>
        {events.message && <FormHelperText>{events.message}</FormHelperText>}
      </FormControl>
    </FormDialog>
  );
}
