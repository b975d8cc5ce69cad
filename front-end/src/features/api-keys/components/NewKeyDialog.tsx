import { useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormSelectField } from '@/components/FormSelectField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { apiKeyTexts } from '@/config/texts/apiKeys';
import { useSession } from '@/lib/session';
import type { ApiKey, ApiKeyCreated } from '@/lib/types';
import { useChangeApiKeys } from '../api/apiKeys';

const SCOPES = ['messages', 'read', 'full'] as const satisfies readonly ApiKey['scope'][];
const DAYS = [30, 90, 365];
const DAY = 86_400_000; // milliseconds

export function NewKeyDialog({ onDone, onClose }: { onDone: (key: ApiKeyCreated) => void; onClose: () => void }) {
  const { business } = useSession();
  const { create } = useChangeApiKeys(business.business_id);
  const {
    control,
    values: now,
    handleSubmit,
  } = useForm({
    defaultValues: { name: '', scope: 'messages' as ApiKey['scope'], days: '' },
  });
  const submit = handleSubmit(({ name, days, ...values }) =>
    create.mutate(
      {
        ...values,
        name: name.trim(),
        expires_at: expiryAfter(days),
      },
      { onSuccess: onDone },
    ),
  );
  return (
    <FormDialog
      title={apiKeyTexts.new}
      submitLabel={apiKeyTexts.create}
      maxWidth="sm"
      busy={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="name"
        autoFocus
        label={apiKeyTexts.name}
        helperText={apiKeyTexts.nameHint}
        validate={notBlank(apiKeyTexts.nameMissing)}
        slotProps={{ htmlInput: { maxLength: 100, autoComplete: 'off' } }}
      />
      <FormSelectField
        control={control}
        name="scope"
        label={apiKeyTexts.scope}
        helperText={apiKeyTexts.scopeHints[now.scope]}
      >
        {SCOPES.map((each) => (
          <option key={each} value={each}>
            {apiKeyTexts.scopes[each]}
          </option>
        ))}
      </FormSelectField>
      <FormSelectField control={control} name="days" label={apiKeyTexts.expires}>
        <option value="">{apiKeyTexts.never}</option>
        {DAYS.map((each) => (
          <option key={each} value={String(each)}>
            {apiKeyTexts.days({ n: each })}
          </option>
        ))}
      </FormSelectField>
    </FormDialog>
  );
}

function expiryAfter(days: string): string | null {
  return days ? new Date(Date.now() + Number(days) * DAY).toISOString() : null;
}
