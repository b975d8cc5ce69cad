import { useForm } from '@/lib/form';
import { useNavigate } from 'react-router';
import { FormDialog } from '@/components/FormDialog';
import { FormSelectField } from '@/components/FormSelectField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { TEMPLATE_TYPES, useCreateTemplate } from '../api/templates';

interface Values {
  template_name: string;
  template_type: (typeof TEMPLATE_TYPES)[number];
}

export function NewTemplateDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const create = useCreateTemplate();
  const { control, handleSubmit } = useForm<Values>({
    defaultValues: { template_name: '', template_type: 'response_generation' },
  });
  const submit = handleSubmit((values) =>
    create.mutate(
      { ...values, template_name: values.template_name.trim() },
      { onSuccess: (id) => void navigate(paths.template(id)) },
    ),
  );
  return (
    <FormDialog
      open={open}
      title={texts.templates.create}
      submitLabel={texts.common.create}
      busy={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="template_name"
        autoFocus
        label={texts.common.name}
        validate={notBlank(texts.templates.nameNeeded)}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
      <FormSelectField control={control} name="template_type" label={texts.templates.type}>
        {TEMPLATE_TYPES.map((each) => (
          <option key={each} value={each}>
            {texts.templates.types[each]}
          </option>
        ))}
      </FormSelectField>
    </FormDialog>
  );
}
