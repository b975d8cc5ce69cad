import { useField, useFormContext } from '@/lib/form';
import { SelectField } from '@/components/SelectField';
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
  const field = useField({ control: useFormContext<StageForm>(), name });
  const options = templates.filter((each) => each.template_type === type);
  return (
    <SelectField
      label={texts.stages.templateTypes[type] ?? type}
      value={options.some((each) => each.template_id === field.value) ? field.value : ''}
      onChange={(event) => field.onChange(event.target.value)}
      disabled={isDirty}
      helperText={isDirty ? texts.stages.templateDirty : null}
    >
      {(isNew || field.value === '') && <option value="">{texts.stages.defaultTemplateCopy}</option>}
      {options.map((each) => (
        <option key={each.template_id} value={each.template_id}>
          {each.template_name}
        </option>
      ))}
    </SelectField>
  );
}
