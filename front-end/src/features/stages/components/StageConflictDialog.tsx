import { Typography } from '@mui/material';
import { CodeText, asJson } from '@/components/CodeText';
import { ConflictDialog, ConflictingField } from '@/components/ConflictDialog';
import { texts } from '@/config/texts';
import { agentTexts } from '@/config/texts/agents';
import { formatList } from '@/lib/intl';
import { conflictingFields, changedFields } from '@/lib/merge';
import type { Agent, Template } from '@/lib/types';
import { ActionSummary } from './ActionSummary';
import { stageAgentLabel } from './stageAgents';
import { RetrievalSummary } from './RetrievalSummary';
import type { StageForm } from './stageForm';
import { rowsOf } from './schemaForm';

interface Choices {
  agents: readonly Agent[];
  templates: readonly Template[];
}

interface Props extends Choices {
  mine: StageForm;
  /** The stage as it was loaded into the form. */
  before: StageForm;
  theirs: StageForm;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** Shown when someone else saved the stage first. */
export function StageConflictDialog({ mine, before, theirs, onKeepMine, onTakeTheirs, ...choices }: Props) {
  const both = conflictingFields(mine, before, theirs);
  const others = changedFields(theirs, before).filter((name) => !both.includes(name));
  const valueOf = (name: keyof StageForm, form: StageForm, version: string) =>
    name === 'data_retrieval' ? (
      <RetrievalSummary retrieval={form[name]} />
    ) : name === 'actions' && form.actions.length ? (
      <ActionSummary actions={form.actions} />
    ) : (
      <CodeText label={`${labels()[name]}: ${version}`} text={valueText(form, name, choices)} maxHeight={160} />
    );
  return (
    <ConflictDialog
      title={texts.stages.conflictTitle}
      body={texts.stages.conflictBody}
      maxWidth="md"
      otherChanges={others.map((name) => labels()[name])}
      onKeepMine={onKeepMine}
      onTakeTheirs={onTakeTheirs}
    >
      <Typography>{both.length ? texts.stages.conflictBoth : texts.common.conflictNone}</Typography>
      {both.map((name) => (
        <ConflictingField
          key={name}
          label={labels()[name]}
          theirs={valueOf(name, theirs, texts.common.conflictTheirs)}
          mine={valueOf(name, mine, texts.common.conflictMine)}
        />
      ))}
    </ConflictDialog>
  );
}

const labels = (): Record<keyof StageForm, string> => ({
  stage_name: texts.common.name,
  stage_description: texts.common.description,
  stage_type: texts.stages.type,
  agents: agentTexts.ofStage,
  is_active: texts.stages.isActive,
  position: texts.stages.position,
  confidence_threshold: texts.stages.threshold,
  examples: texts.stages.examples,
  fixed_reply: texts.stages.fixedReply,
  fixed_reply_translations: texts.stages.fixedReplyTranslations,
  extraction_schema: texts.stages.sectionExtraction,
  data_retrieval: texts.stages.sectionRetrieval,
  actions: texts.stages.actions,
  stage_selection_template_id: `${texts.stages.sectionPrompts}: ${texts.stages.templateTypes['stage_selection']}`,
  data_extraction_template_id: `${texts.stages.sectionPrompts}: ${texts.stages.templateTypes['data_extraction']}`,
  response_generation_template_id: `${texts.stages.sectionPrompts}: ${texts.stages.templateTypes['response_generation']}`,
});

/** The value of a form field as text. */
function valueText(form: StageForm, name: keyof StageForm, { agents, templates }: Choices): string {
  const value = form[name];
  if (typeof value === 'boolean') return value ? texts.common.yes : texts.common.no;
  if (name === 'extraction_schema') return schemaText(form.extraction_schema);
  if (!value || name === 'actions') return texts.common.none;
  if (name === 'agents')
    return form.agents.map((each) => stageAgentLabel(each, agents)).join('\n') || texts.common.none;
  if (name.endsWith('_template_id'))
    return templates.find((each) => each.template_id === value)?.template_name ?? texts.common.unknown;
  return asJson(value);
}

/** The extraction schema as text, one line per field, or as JSON if the form cannot show it. */
function schemaText(schema: StageForm['extraction_schema']): string {
  const rows = rowsOf(schema);
  if (rows === null) return asJson(schema);
  if (!rows.length) return texts.stages.noFields;
  return rows
    .map((row) =>
      [
        row.required ? texts.stages.requiredField({ name: row.name }) : row.name,
        texts.stages.fieldTypes[row.type],
        row.description,
        row.pattern,
        row.choices && texts.stages.oneOf({ values: formatList(row.choices.split('\n')) }),
      ]
        .filter(Boolean)
        .join(' · '),
    )
    .join('\n');
}
