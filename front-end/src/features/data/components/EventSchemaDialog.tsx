import { useForm } from '@/lib/form';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { dataTexts, eventSchemaTexts } from '@/config/texts/data';
import { useSession } from '@/lib/session';
import type { EventSchema } from '@/lib/types';
import { MONOSPACE } from '@/theme/theme';
import { useChangeEventSchemas } from '../api/events';
import { RecordDialog } from './RecordDialog';

const EXAMPLE = { type: 'object', properties: { amount: { type: 'number' } } };

interface Props {
  schema: EventSchema | null;
  onDelete: (schema: EventSchema) => void;
  onClose: () => void;
}

/** Shows the schema of an event type, changes it, or creates one. */
export function EventSchemaDialog({ schema, onDelete, onClose }: Props) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { create, update } = useChangeEventSchemas();
  const { control, handleSubmit } = useForm({
    defaultValues: {
      event_type: schema?.event_type ?? '',
      description: schema?.description ?? '',
      property_schema: JSON.stringify(schema?.property_schema ?? EXAMPLE, null, 2),
    },
  });
  const onSuccess = () => {
    notify(texts.common.saved);
    onClose();
  };
  const submit = handleSubmit((given) => {
    const values = {
      description: given.description.trim() || null,
      property_schema: readObject(given.property_schema) ?? {},
    };
    if (schema) update.mutate({ schemaId: schema.schema_id, values }, { onSuccess });
    else create.mutate({ ...values, event_type: given.event_type.trim() }, { onSuccess });
  });
  const readOnly = { slotProps: { htmlInput: { readOnly: !canEdit, spellCheck: false } }, autoComplete: 'off' };
  return (
    <RecordDialog
      isNew={!schema}
      title={schema ? eventSchemaTexts.edit({ type: schema.event_type }) : eventSchemaTexts.new}
      onSubmit={canEdit ? (event) => void submit(event) : undefined}
      onDelete={schema && canEdit ? () => onDelete(schema) : undefined}
      busy={create.isPending || update.isPending}
      error={create.error ?? update.error}
      onClose={onClose}
    >
      {!schema && (
        <FormTextField
          control={control}
          name="event_type"
          autoFocus
          label={eventSchemaTexts.type}
          validate={notBlank(dataTexts.required)}
          {...readOnly}
        />
      )}
      <FormTextField control={control} name="description" label={texts.common.description} multiline {...readOnly} />
      <FormTextField
        control={control}
        name="property_schema"
        label={eventSchemaTexts.schema}
        multiline
        minRows={6}
        validate={(text) => readObject(text) !== null || dataTexts.invalidJson}
        {...readOnly}
        sx={{ '& textarea': { fontFamily: MONOSPACE, fontSize: '0.85rem' } }}
      />
    </RecordDialog>
  );
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
