import { useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormTextField } from '@/components/FormTextField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { secretTexts } from '@/config/texts/secrets';
import type { Secret } from '@/lib/types';
import { useChangeSecrets } from '../api/secrets';

/** Creates a secret, or replaces the value of an existing one. */
export function SecretDialog({ secret, onClose }: { secret: Secret | null; onClose: () => void }) {
  const notify = useNotify();
  const { create, replace } = useChangeSecrets();
  const { control, handleSubmit } = useForm({ defaultValues: { name: secret?.name ?? '', value: '' } });
  const onSuccess = () => {
    notify(texts.common.saved);
    onClose();
  };
  const submit = handleSubmit(({ name, value }) =>
    secret
      ? replace.mutate({ secretId: secret.secret_id, value }, { onSuccess })
      : create.mutate({ name: name.trim(), value }, { onSuccess }),
  );
  return (
    <FormDialog
      title={secret ? secretTexts.replace({ name: secret.name }) : secretTexts.new}
      submitLabel={texts.common.save}
      maxWidth="sm"
      busy={create.isPending || replace.isPending}
      error={create.error ?? replace.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {!secret && (
        <FormTextField
          control={control}
          name="name"
          autoFocus
          label={texts.common.name}
          helperText={secretTexts.nameHint}
          validate={(name) => /^[a-z][a-z0-9_]*$/.test(name.trim()) || secretTexts.nameInvalid}
          slotProps={{ htmlInput: { maxLength: 64, autoComplete: 'off', spellCheck: false } }}
        />
      )}
      <FormTextField
        control={control}
        name="value"
        type="password"
        autoFocus={secret !== null}
        label={secretTexts.value}
        helperText={secretTexts.valueHint}
        validate={(value) => value.trim().length >= 8 || secretTexts.valueInvalid}
        slotProps={{ htmlInput: { maxLength: 4096, autoComplete: 'new-password' } }}
      />
    </FormDialog>
  );
}
