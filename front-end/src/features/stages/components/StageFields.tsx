import {
  Alert,
  Box,
  Button,
  FormControlLabel,
  FormHelperText,
  MenuItem,
  Stack,
  Switch,
  Typography,
} from '@mui/material';
import TextField from '@mui/material/TextField';
import { type ReactNode, useMemo } from 'react';
import { Controller, useController, useFormContext, useWatch } from 'react-hook-form';
import { Link } from 'react-router';
import { FormTextField } from '@/components/FormTextField';
import { FixedReplyField, StageTextFields } from '@/components/StageTextFields';
import { Card } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { agentTexts } from '@/config/texts/agents';
import type { Agent, DataRetrieval, Template } from '@/lib/types';
import { ActionsFields } from './ActionsFields';
import { ExtractionFields } from './ExtractionFields';
import { RetrievalFields } from './RetrievalFields';
import { StageAgentsField } from './StageAgentsField';
import type { SchemaProblems } from './schemaForm';
import {
  type Action,
  type Problem,
  actionProblemsOf,
  collectedFieldsOf,
  problemText,
  problemsBelow,
} from './actionForm';
import { type StageForm, isValidPosition, isValidThreshold } from './stageForm';

interface Props {
  isNew: boolean;
  agents: readonly Agent[];
  templates: readonly Template[];
  /** The server's errors for the schema that was last sent. */
  schemaProblems: SchemaProblems;
  /** All errors of the server for what was last sent. */
  problems: readonly Problem[];
  onSchemaChange: (schema: StageForm['extraction_schema']) => void;
  onRetrievalChange: (retrieval: DataRetrieval) => void;
  onActionsChange: (actions: Action[]) => void;
}

/** All form fields of a stage, in sections. */
export function StageFields({
  isNew,
  agents,
  templates,
  schemaProblems,
  problems,
  onSchemaChange,
  onRetrievalChange,
  onActionsChange,
}: Props) {
  const { control } = useFormContext<StageForm>();
  const [schema, retrieval, actions] = useWatch({ control, name: ['extraction_schema', 'data_retrieval', 'actions'] });
  const fields = useMemo(() => collectedFieldsOf(schema), [schema]);
  const actionProblems = useMemo(() => actionProblemsOf(problems), [problems]);
  return (
    <>
      <Section title={texts.stages.sectionBasics}>
        <StageTextFields />
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
            rules={{ validate: (value) => isValidThreshold(value) || texts.stages.thresholdInvalid }}
            slotProps={{ htmlInput: { inputMode: 'decimal' } }}
          />
          <FormTextField
            control={control}
            name="position"
            label={texts.stages.position}
            helperText={texts.stages.positionHint}
            rules={{ validate: (value) => isValidPosition(value) || texts.stages.positionInvalid }}
            slotProps={{ htmlInput: { inputMode: 'numeric' } }}
          />
        </Box>
        <div>
          <FormControlLabel
            control={
              <Controller
                control={control}
                name="is_active"
                render={({ field }) => (
                  <Switch checked={field.value} onChange={(_, isActive) => field.onChange(isActive)} />
                )}
              />
            }
            label={texts.stages.isActive}
          />
          <FormHelperText sx={{ mt: 0 }}>{texts.stages.isActiveHint}</FormHelperText>
        </div>
      </Section>
      <Section title={agentTexts.ofStage}>
        <StageAgentsField agents={agents} />
      </Section>
      <Section title={texts.stages.sectionExtraction}>
        <ExtractionFields schema={schema} problems={schemaProblems} onChange={onSchemaChange} />
      </Section>
      <Section title={texts.stages.sectionRetrieval}>
        <Errors problems={problemsBelow(problems, '$.data_retrieval')} />
        <RetrievalFields value={retrieval} onChange={onRetrievalChange} />
      </Section>
      <Section title={texts.stages.actions}>
        <ActionsFields value={actions} onChange={onActionsChange} fields={fields} problems={actionProblems} />
      </Section>
      <Section title={texts.stages.sectionPrompts}>
        <TemplateSelect type="stage_selection" isNew={isNew} templates={templates} />
        <TemplateSelect type="data_extraction" isNew={isNew} templates={templates} />
        <TemplateSelect type="response_generation" isNew={isNew} templates={templates} />
      </Section>
      <Section title={texts.stages.sectionReply}>
        <FixedReplyField />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card component="section" aria-label={title}>
      <Stack spacing={2}>
        <Typography variant="h2">{title}</Typography>
        {children}
      </Stack>
    </Card>
  );
}

function Errors({ problems }: { problems: readonly Problem[] }) {
  return (
    problems.length > 0 && (
      <Alert severity="error">
        {problems.map((each) => (
          <div key={each.path + each.message}>{problemText(each)}</div>
        ))}
      </Alert>
    )
  );
}

type TemplateType = 'stage_selection' | 'data_extraction' | 'response_generation';

interface IdSelectProps {
  name: `${TemplateType}_template_id`;
  label: string;
  options: readonly { id: string; label: string }[];
  /** The label of the empty option; null if a choice is required. */
  emptyLabel: string | null;
}

/** A select for a row of the API. Shows nothing while its options are loading. */
function IdSelect({ name, label, options, emptyLabel }: IdSelectProps) {
  const { field } = useController<StageForm, typeof name>({ name });
  return (
    <TextField
      select
      label={label}
      value={options.some((each) => each.id === field.value) ? field.value : ''}
      onChange={field.onChange}
      onBlur={field.onBlur}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      {emptyLabel !== null && <MenuItem value="">{emptyLabel}</MenuItem>}
      {options.map((each) => (
        <MenuItem key={each.id} value={each.id}>
          {each.label}
        </MenuItem>
      ))}
    </TextField>
  );
}

interface TemplateSelectProps extends Pick<Props, 'isNew' | 'templates'> {
  type: TemplateType;
}

function TemplateSelect({ type, isNew, templates }: TemplateSelectProps) {
  const name = `${type}_template_id` as const;
  const templateId = useWatch<StageForm, typeof name>({ name });
  const label = texts.stages.templateTypes[type] ?? type;
  return (
    <Stack spacing={0.5}>
      <IdSelect
        name={name}
        label={label}
        emptyLabel={isNew || templateId === '' ? texts.stages.defaultTemplateCopy : null}
        options={templates
          .filter((each) => each.template_type === type)
          .map((each) => ({ id: each.template_id, label: each.template_name }))}
      />
      {templateId && (
        <Button
          size="small"
          component={Link}
          to={paths.template(templateId)}
          sx={{ alignSelf: 'flex-start' }}
          aria-label={`${texts.stages.editTemplate}: ${label}`}
        >
          {texts.stages.editTemplate}
        </Button>
      )}
    </Stack>
  );
}
