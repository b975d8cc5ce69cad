import { Box, Typography } from '@mui/material';
import { useState } from 'react';
import type { Control } from '@/lib/form';
import { FormPlaceholderField } from '@/components/FormPlaceholderField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { Disclosure } from '@/components/Disclosure';
import { texts } from '@/config/texts';
import { type Draft, NUMBER_SETTINGS, type NumberSetting, isValidSetting } from './templateDraft';

interface Props {
  control: Control<Draft>;
  isReadOnly: boolean;
  /** Without the name, on the page of a stage, which shows the template as a part of the stage. */
  withoutName?: boolean;
}

/** The form fields of a template: name, the two prompts, model settings. */
export function TemplateFields({ control, isReadOnly, withoutName = false }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { content } = control.values;
  const editingHint = isReadOnly ? '' : texts.templates.contentHint;
  const contentHint = content ? editingHint : texts.templates.contentEmpty;
  return (
    <>
      {!withoutName && (
        <FormTextField
          control={control}
          name="name"
          label={texts.common.name}
          disabled={isReadOnly}
          validate={notBlank(texts.templates.nameNeeded)}
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
      )}
      <FormPlaceholderField
        control={control}
        readOnly={isReadOnly}
        name="systemPrompt"
        label={texts.templates.systemPrompt}
        hint={texts.templates.systemPromptHint}
        minRows={4}
      />
      <FormPlaceholderField
        control={control}
        readOnly={isReadOnly}
        name="content"
        label={texts.templates.content}
        hint={contentHint}
        minRows={10}
      />
      <Disclosure title={texts.templates.modelSettings} isOpen={isOpen} onToggle={setOpen}>
        <Box
          sx={{
            display: 'grid',
            gap: 2,
            gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' },
          }}
        >
          <Typography variant="body2" color="textSecondary" sx={{ gridColumn: '1 / -1' }}>
            {texts.templates.modelSettingsHint}
          </Typography>
          <FormTextField control={control} name="model" label={texts.templates.model} disabled={isReadOnly} />
          <NumberField
            control={control}
            isReadOnly={isReadOnly}
            name="temperature"
            label={texts.templates.temperature}
            hint={texts.templates.temperatureHint}
          />
          <NumberField control={control} isReadOnly={isReadOnly} name="maxTokens" label={texts.templates.maxTokens} />
          <NumberField
            control={control}
            isReadOnly={isReadOnly}
            name="historyTokens"
            label={texts.templates.historyTokens}
            hint={texts.templates.historyTokensHint}
          />
          <NumberField control={control} isReadOnly={isReadOnly} name="timeout" label={texts.templates.timeout} />
          <FormTextField
            control={control}
            name="fallbackModel"
            label={texts.templates.fallbackModel}
            disabled={isReadOnly}
          />
        </Box>
      </Disclosure>
    </>
  );
}

interface NumberProps extends Omit<Props, 'withoutName'> {
  name: NumberSetting;
  label: string;
  hint?: string;
}

function NumberField({ control, isReadOnly, name, label, hint }: NumberProps) {
  const { min, max, isInteger } = NUMBER_SETTINGS[name];
  const problem = isInteger ? texts.templates.integerInvalid : texts.templates.numberInvalid;
  return (
    <FormTextField
      control={control}
      name={name}
      label={label}
      disabled={isReadOnly}
      helperText={hint}
      validate={(value) => isValidSetting(name, value) || problem({ min, max })}
      slotProps={{ htmlInput: { inputMode: 'decimal' } }}
    />
  );
}
