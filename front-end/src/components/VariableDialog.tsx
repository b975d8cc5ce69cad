import { useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import type { Variable } from '@/lib/types';
import { useChangeVariables } from '@/lib/variables';

interface Props {
  /** null for a new variable. */
  variable: Variable | null;
  /** The name of a new variable, if it is known. */
  name?: string;
  onClose: () => void;
}

/** Creates or edits a custom variable. */
export function VariableDialog({ variable, name: newName = '', onClose }: Props) {
  const notify = useNotify();
  const { save } = useChangeVariables();
  const { control, handleSubmit } = useForm({
    defaultValues: {
      name: variable?.name ?? newName,
      value: variable?.value ?? '',
      description: variable?.description ?? '',
    },
  });
  const submit = handleSubmit(({ name, value, description }) =>
    save.mutate(
      {
        variableId: variable?.variable_id ?? null,
        values: { name: name.trim(), value, description: description.trim() || null },
      },
      {
        onSuccess: () => {
          notify(texts.common.saved);
          onClose();
        },
      },
    ),
  );
  return (
    <FormDialog
      title={variable ? texts.variables.edit({ name: variable.name }) : texts.variables.new}
      submitLabel={texts.common.save}
      maxWidth="sm"
      busy={save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="name"
        autoFocus={!newName}
        label={texts.common.name}
        helperText={texts.variables.nameHint}
        validate={notBlank(texts.variables.nameNeeded)}
        slotProps={{ htmlInput: { maxLength: 100 } }}
      />
      <FormTextField
        control={control}
        name="value"
        autoFocus={newName !== ''}
        multiline
        minRows={3}
        maxRows={12}
        label={texts.variables.value}
        validate={notBlank(texts.variables.valueNeeded)}
        slotProps={{ htmlInput: { maxLength: 20_000 } }}
      />
      <FormTextField
        control={control}
        name="description"
        label={texts.common.description}
        helperText={texts.common.optional}
        slotProps={{ htmlInput: { maxLength: 2000 } }}
      />
    </FormDialog>
  );
}
