import { Typography } from '@mui/material';
import { FormDialog } from '@/components/FormDialog';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { insightsTexts } from '@/config/texts/insights';
import { useForm } from '@/lib/form';
import { type SavedView, useChangeViews } from '../api/views';

interface Props {
  open?: boolean;
  views: readonly SavedView[];
  page: string;
  query: Record<string, string>;
  onClose: () => void;
}

/** Saves the open page with its period and filters under a name. */
export function SaveViewDialog({ open = true, views, page, query, onClose }: Props) {
  const notify = useNotify();
  const { save } = useChangeViews();
  const { control, values, handleSubmit } = useForm({ defaultValues: { name: '' } });
  const named = views.find((view) => view.name === values.name.trim());
  const submit = handleSubmit(({ name }) =>
    save.mutate(
      { viewId: named?.view_id, values: { name: name.trim(), page, query } },
      {
        onSuccess: () => {
          notify(insightsTexts.viewSaved);
          onClose();
        },
      },
    ),
  );
  return (
    <FormDialog
      open={open}
      title={insightsTexts.saveViewTitle}
      submitLabel={texts.common.save}
      busy={save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Typography variant="body2" color="textSecondary">
        {insightsTexts.saveViewHint}
      </Typography>
      <FormTextField
        control={control}
        name="name"
        label={insightsTexts.viewName}
        autoFocus
        autoComplete="off"
        helperText={named ? insightsTexts.viewReplaced : ''}
        validate={notBlank(insightsTexts.viewNameNeeded)}
        slotProps={{ htmlInput: { maxLength: 100 } }}
      />
    </FormDialog>
  );
}
