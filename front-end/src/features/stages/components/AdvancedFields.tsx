import { Box, FormControlLabel, FormHelperText, Stack, Switch } from '@mui/material';
import { FormTextField } from '@/components/FormTextField';
import { texts } from '@/config/texts';
import { useFormContext } from '@/lib/form';
import type { Template } from '@/lib/types';
import { ExtractionDetails } from './ExtractionDetails';
import { StageSection } from './StageSection';
import { TemplateSelect } from './TemplateSelect';
import type { SchemaProblems } from './schemaForm';
import { type StageForm, isValidPosition, isValidThreshold } from './stageForm';
import { PROMPT_TYPES, type PromptType } from './templateUses';
import type { ExtractionForm } from './useExtractionFields';

interface Props {
  isNew: boolean;
  extraction: ExtractionForm;
  schemaProblems: SchemaProblems;
  templates: readonly Template[];
  /** The templates with changes that are not saved. */
  dirtyTemplates: ReadonlySet<PromptType>;
}

/** What is rarely needed: settings, patterns of the fields, and other templates. */
export function AdvancedFields({ isNew, extraction, schemaProblems, templates, dirtyTemplates }: Props) {
  return (
    <Stack spacing={3}>
      <Settings />
      <StageSection title={texts.stages.sectionPatterns}>
        <ExtractionDetails form={extraction} problems={schemaProblems} />
      </StageSection>
      <StageSection title={texts.stages.sectionPrompts}>
        {PROMPT_TYPES.map((type) => (
          <TemplateSelect
            key={type}
            type={type}
            isNew={isNew}
            isDirty={dirtyTemplates.has(type)}
            templates={templates}
          />
        ))}
      </StageSection>
    </Stack>
  );
}

function Settings() {
  const control = useFormContext<StageForm>();
  return (
    <>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' },
        }}
      >
        <FormTextField
          control={control}
          name="stage_type"
          label={texts.stages.type}
          helperText={texts.stages.typeHint}
          slotProps={{ htmlInput: { maxLength: 100 } }}
        />
        <FormTextField
          control={control}
          name="confidence_threshold"
          label={texts.stages.threshold}
          helperText={texts.stages.thresholdHint}
          validate={(value) => isValidThreshold(value) || texts.stages.thresholdInvalid}
          slotProps={{ htmlInput: { inputMode: 'decimal' } }}
        />
        <FormTextField
          control={control}
          name="position"
          label={texts.stages.position}
          helperText={texts.stages.positionHint}
          validate={(value) => isValidPosition(value) || texts.stages.positionInvalid}
          slotProps={{ htmlInput: { inputMode: 'numeric' } }}
        />
      </Box>
      <div>
        <FormControlLabel
          control={
            <Switch
              checked={control.values.is_active}
              onChange={(_, isActive) => control.change('is_active', isActive)}
            />
          }
          label={texts.stages.isActive}
        />
        <FormHelperText sx={{ mt: 0 }}>{texts.stages.isActiveHint}</FormHelperText>
      </div>
    </>
  );
}
