import { MenuItem, TextField } from '@mui/material';
import { useController } from 'react-hook-form';
import { texts } from '@/config/texts';
import type { Template } from '@/lib/types';
import type { StageForm } from './stageForm';
import type { PromptType } from './templateUses';

interface Props {
  type: PromptType;
  isNew: boolean;
  /** Whether the present template has changes that are not saved, and would be lost. */
  isDirty: boolean;
  templates: readonly Template[];
}

/** Chooses another template for a step of the stage. Shows nothing while the templates are loading. */
export function TemplateSelect({ type, isNew, isDirty, templates }: Props) {
  const name = `${type}_template_id` as const;
  const { field } = useController<StageForm, typeof name>({ name });
  const options = templates.filter((each) => each.template_type === type);
  return (
    <TextField
      select
      label={texts.stages.templateTypes[type] ?? type}
      value={options.some((each) => each.template_id === field.value) ? field.value : ''}
      onChange={field.onChange}
      onBlur={field.onBlur}
      disabled={isDirty}
      helperText={isDirty ? texts.stages.templateDirty : null}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      {(isNew || field.value === '') && <MenuItem value="">{texts.stages.defaultTemplateCopy}</MenuItem>}
      {options.map((each) => (
        <MenuItem key={each.template_id} value={each.template_id}>
          {each.template_name}
        </MenuItem>
      ))}
    </TextField>
  );
}
