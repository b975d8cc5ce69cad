import { Alert, Box, FormControlLabel, FormHelperText, Paper, Stack, Switch, Typography } from '@mui/material';
import { type ReactNode, useMemo } from 'react';
import { useFormContext } from '@/lib/form';
import { FormTextField } from '@/components/FormTextField';
import { FixedReplyField, StageDescriptionFields, StageNameField } from './StageTextFields';
import { Disclosure } from '@/components/Disclosure';
import { Tabs } from '@/components/Tabs';
import { Card } from '@/components/states';
import { texts } from '@/config/texts';
import { agentTexts } from '@/config/texts/agents';
import type { Agent, DataRetrieval, Template } from '@/lib/types';
import { ActionsFields } from './ActionsFields';
import { ExtractionDetails, ExtractionFields } from './ExtractionFields';
import { type InlineDraft, InlineTemplate } from './InlineTemplate';
import { RetrievalFields } from './RetrievalFields';
import { StageAgentsField } from './StageAgentsField';
import { TemplateSelect } from './TemplateSelect';
import {
  type Action,
  type Problem,
  actionProblemsOf,
  collectedFieldsOf,
  problemText,
  problemsBelow,
} from './actionForm';
import type { SchemaProblems } from './schemaForm';
import { type StageForm, isValidPosition, isValidThreshold } from './stageForm';
import { PROMPT_TYPES, type PromptType } from './templateUses';
import { useExtractionFields } from './useExtractionFields';
import { useRulesMode } from './useRulesMode';

interface Props {
  /** null for a new stage, which has no templates yet. */
  stageId: string | null;
  agents: readonly Agent[];
  templates: readonly Template[];
  /** The server's errors for the schema that was last sent. */
  schemaProblems: SchemaProblems;
  /** All errors of the server for what was last sent. */
  problems: readonly Problem[];
  tab: PromptType;
  onTab: (tab: PromptType) => void;
  isAdvancedOpen: boolean;
  onAdvancedOpen: (isOpen: boolean) => void;
  /** The templates with changes that are not saved. */
  dirtyTemplates: ReadonlySet<PromptType>;
  onDraft: (type: PromptType, draft: InlineDraft | null) => void;
  /** The turn that was last tried on the page. */
  turnId: string | null;
  onSchemaChange: (schema: StageForm['extraction_schema']) => void;
  onRetrievalChange: (retrieval: DataRetrieval) => void;
  onActionsChange: (actions: Action[]) => void;
}

/** All form fields of a stage: the essentials, a tab for each step of a turn, and what is rarely needed. */
export function StageFields(props: Props) {
  const { stageId, schemaProblems, problems, tab, onTab } = props;
  const { extraction_schema: schema, data_retrieval: retrieval, actions } = useFormContext<StageForm>().values;
  const extraction = useExtractionFields(schema, props.onSchemaChange);
  const fields = useMemo(() => collectedFieldsOf(schema), [schema]);
  const actionProblems = useMemo(() => actionProblemsOf(problems), [problems]);
  const isRulesMode = useRulesMode();
  const reply = (
    <Section title={isRulesMode ? texts.stages.sectionReply : texts.stages.sectionReplyWithoutModel}>
      <FixedReplyField isUsed={isRulesMode} />
    </Section>
  );
  return (
    <>
      <Card component="section" aria-label={texts.stages.sectionBasics}>
        <Stack spacing={2.5}>
          <StageNameField />
          {isRulesMode && reply}
          <StageDescriptionFields />
          <Section title={texts.stages.sectionExtraction}>
            <ExtractionFields form={extraction} others={schemaProblems.others} />
          </Section>
          {!isRulesMode && reply}
        </Stack>
      </Card>
      <Paper variant="outlined" component="section" aria-label={texts.stages.sectionSteps}>
        <Tabs
          id="tab"
          label={texts.stages.sectionSteps}
          tabs={PROMPT_TYPES.map((type) => ({
            value: type,
            label: `${texts.stages.templateTypes[type]}${props.dirtyTemplates.has(type) ? ' •' : ''}`,
            panelId: `panel-${type}`,
          }))}
          value={tab}
          onChange={onTab}
        />
        {PROMPT_TYPES.map((type) => (
          <Box
            key={type}
            role="tabpanel"
            id={`panel-${type}`}
            data-tab={type}
            aria-labelledby={`tab-${type}`}
            hidden={tab !== type}
            sx={{ p: { xs: 2, md: 2.5 } }}
          >
            <Stack spacing={3}>
              <Typography variant="body2" color="textSecondary">
                {texts.stages.stepHints[type]}
              </Typography>
              <Section title={texts.stages.sectionTemplate}>
                {stageId ? (
                  <TemplateOfForm type={type} stageId={stageId} turnId={props.turnId} onDraft={props.onDraft} />
                ) : (
                  <Typography variant="body2" color="textSecondary">
                    {texts.stages.templateOfNewStage}
                  </Typography>
                )}
              </Section>
              {type === 'response_generation' && (
                <>
                  <Section title={texts.stages.sectionRetrieval}>
                    <Errors problems={problemsBelow(problems, '$.data_retrieval')} />
                    <RetrievalFields value={retrieval} onChange={props.onRetrievalChange} />
                  </Section>
                  <Section title={texts.stages.actions}>
                    <ActionsFields
                      value={actions}
                      onChange={props.onActionsChange}
                      fields={fields}
                      problems={actionProblems}
                    />
                  </Section>
                  <Section title={agentTexts.ofStage}>
                    <StageAgentsField agents={props.agents} />
                  </Section>
                </>
              )}
            </Stack>
          </Box>
        ))}
      </Paper>
      <Disclosure
        title={texts.stages.sectionAdvanced}
        isOpen={props.isAdvancedOpen}
        onToggle={props.onAdvancedOpen}
        data-tab="advanced"
      >
        <Stack spacing={3}>
          <AdvancedFields />
          <Section title={texts.stages.sectionPatterns}>
            <ExtractionDetails form={extraction} problems={schemaProblems} />
          </Section>
          <Section title={texts.stages.sectionPrompts}>
            {PROMPT_TYPES.map((type) => (
              <TemplateSelect
                key={type}
                type={type}
                isNew={stageId === null}
                isDirty={props.dirtyTemplates.has(type)}
                templates={props.templates}
              />
            ))}
          </Section>
        </Stack>
      </Disclosure>
    </>
  );
}

function TemplateOfForm(props: Pick<Props, 'turnId' | 'onDraft'> & { type: PromptType; stageId: string }) {
  const templateId = useFormContext<StageForm>().values[`${props.type}_template_id`];
  return <InlineTemplate {...props} templateId={templateId} />;
}

/** The settings of a stage that few stages need. */
function AdvancedFields() {
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

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" aria-label={title} spacing={1.5}>
      <Typography variant="h3" component="h2">
        {title}
      </Typography>
      {children}
    </Stack>
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
