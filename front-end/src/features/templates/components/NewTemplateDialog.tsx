import { Button, Dialog, DialogActions, DialogContent, DialogTitle, MenuItem } from '@mui/material';
import { useForm } from 'react-hook-form';
import { useNavigate } from 'react-router';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { ErrorNotice } from '@/components/states';
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
    <Dialog open={open} onClose={onClose} aria-labelledby="new-template" fullWidth maxWidth="xs">
      <form onSubmit={(event) => void submit(event)} noValidate>
        <DialogTitle id="new-template">{texts.templates.create}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <span />
          <FormTextField
            control={control}
            name="template_name"
            autoFocus
            label={texts.common.name}
            rules={{ validate: notBlank(texts.templates.nameNeeded) }}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
          <FormTextField control={control} name="template_type" select label={texts.templates.type}>
            {TEMPLATE_TYPES.map((each) => (
              <MenuItem key={each} value={each}>
                {texts.templates.types[each]}
              </MenuItem>
            ))}
          </FormTextField>
          {create.error && <ErrorNotice error={create.error} />}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
          <Button type="submit" variant="contained" disabled={create.isPending}>
            {texts.common.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
