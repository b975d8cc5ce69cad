import { Box, Paper, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { useFormContext } from '@/lib/form';
import { FixedReplyField, StageDescriptionFields, StageNameField } from './StageTextFields';
import { Disclosure } from '@/components/Disclosure';
import { Tabs } from '@/components/Tabs';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Card } from '@/components/states';
import { texts } from '@/config/texts';
import type { Agent, DataRetrieval, Template } from '@/lib/types';
import { ExtractionFields } from './ExtractionFields';
import { type InlineDraft, InlineTemplate } from './InlineTemplate';
import type { Action, Problem } from './actionForm';
import type { SchemaProblems } from './schemaForm';
import { StageSection } from './StageSection';
import type { StageForm } from './stageForm';
import { PROMPT_TYPES, type PromptType } from './templateUses';
import { useExtractionFields } from './useExtractionFields';
import { useRulesMode } from './useRulesMode';

const ResponseFields = loadWhenOpened(async () => (await import('./ResponseFields')).ResponseFields);
const AdvancedFields = loadWhenOpened(async () => (await import('./AdvancedFields')).AdvancedFields);

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
  const { extraction_schema: schema } = useFormContext<StageForm>().values;
  const extraction = useExtractionFields(schema, props.onSchemaChange);
  // What was opened stays mounted, so that its errors and the cursor are kept.
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const places = new Set([...opened, tab, ...(props.isAdvancedOpen ? ['advanced'] : [])]);
  if (places.size > opened.size) setOpened(places);
  const isRulesMode = useRulesMode();
  const reply = (
    <StageSection title={isRulesMode ? texts.stages.sectionReply : texts.stages.sectionReplyWithoutModel}>
      <FixedReplyField isUsed={isRulesMode} />
    </StageSection>
  );
  return (
    <>
      <Card component="section" aria-label={texts.stages.sectionBasics}>
        <Stack spacing={2.5}>
          <StageNameField />
          {isRulesMode && reply}
          <StageDescriptionFields />
          <StageSection title={texts.stages.sectionExtraction}>
            <ExtractionFields form={extraction} others={schemaProblems.others} />
          </StageSection>
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
              <StageSection title={texts.stages.sectionTemplate}>
                {stageId ? (
                  <TemplateOfForm type={type} stageId={stageId} turnId={props.turnId} onDraft={props.onDraft} />
                ) : (
                  <Typography variant="body2" color="textSecondary">
                    {texts.stages.templateOfNewStage}
                  </Typography>
                )}
              </StageSection>
              {type === 'response_generation' && opened.has(type) && (
                <ResponseFields
                  agents={props.agents}
                  problems={problems}
                  onRetrievalChange={props.onRetrievalChange}
                  onActionsChange={props.onActionsChange}
                />
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
        {opened.has('advanced') && (
          <AdvancedFields
            isNew={stageId === null}
            extraction={extraction}
            schemaProblems={schemaProblems}
            templates={props.templates}
            dirtyTemplates={props.dirtyTemplates}
          />
        )}
      </Disclosure>
    </>
  );
}

function TemplateOfForm(props: Pick<Props, 'turnId' | 'onDraft'> & { type: PromptType; stageId: string }) {
  const templateId = useFormContext<StageForm>().values[`${props.type}_template_id`];
  return <InlineTemplate {...props} templateId={templateId} />;
}
