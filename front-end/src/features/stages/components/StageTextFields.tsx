import { useField, useFormContext } from '@/lib/form';
import { texts } from '@/config/texts';
import { FormPlaceholderField } from '@/components/FormPlaceholderField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { TranslationsField } from '@/components/TranslationsField';
import type { Translations } from '@/lib/translations';

/** The texts of a stage, as the stage editor edits them. */
export interface StageTexts {
  stage_name: string;
  stage_description: string;
  /** The example messages, one per line. */
  examples: string;
  fixed_reply: string;
  fixed_reply_translations: Translations;
}

/** A form field for the name of a stage. The form is the one of FormProvider. */
export function StageNameField() {
  const control = useFormContext<StageTexts>();
  return (
    <FormTextField
      control={control}
      name="stage_name"
      required
      label={texts.common.name}
      helperText={texts.stages.nameHint}
      validate={notBlank(texts.stages.nameNeeded)}
      slotProps={{ htmlInput: { maxLength: 200 } }}
    />
  );
}

/** The fields that say which messages belong to a stage. */
export function StageDescriptionFields() {
  const control = useFormContext<StageTexts>();
  return (
    <>
      <FormTextField
        control={control}
        name="stage_description"
        multiline
        minRows={2}
        label={texts.common.description}
        helperText={texts.stages.descriptionHint}
        slotProps={{ htmlInput: { maxLength: 5000 } }}
      />
      <FormTextField
        control={control}
        name="examples"
        multiline
        minRows={3}
        label={texts.stages.examples}
        helperText={texts.stages.examplesHint}
      />
    </>
  );
}

/** Form fields for the fixed reply of a stage. `isUsed` is whether it answers now, because no model is connected. */
export function FixedReplyField({ isUsed }: { isUsed: boolean }) {
  const control = useFormContext<StageTexts>();
  const field = useField({ control, name: 'fixed_reply_translations' });
  return (
    <>
      <FormPlaceholderField
        control={control}
        name="fixed_reply"
        label={texts.stages.fixedReply}
        hint={isUsed ? texts.stages.fixedReplyUsedHint : texts.stages.fixedReplyHint}
        minRows={3}
      />
      <TranslationsField label={texts.stages.fixedReply} value={field.value} onChange={field.onChange} />
    </>
  );
}

/** The example messages in the API's format. */
export function examplesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
