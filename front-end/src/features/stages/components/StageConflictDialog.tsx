import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { CodeText, asJson } from '@/components/CodeText';
import { texts } from '@/config/texts';
import { conflictingFields, changedFields } from '@/lib/merge';
import type { Agent, DataRetrieval, Template } from '@/lib/types';
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

/** Shown when someone else saved the stage first: lists the conflicting fields and lets the user choose a version. */
export function StageConflictDialog({ mine, before, theirs, onKeepMine, onTakeTheirs, ...choices }: Props) {
  const both = conflictingFields(mine, before, theirs);
  const others = changedFields(theirs, before).filter((name) => !both.includes(name));
  const sides = [
    [texts.common.conflictTheirs, theirs],
    [texts.common.conflictMine, mine],
  ] as const;
  return (
    <Dialog open aria-labelledby="stage-conflict" maxWidth="md" fullWidth onClose={onKeepMine}>
      <DialogTitle id="stage-conflict">{texts.stages.conflictTitle}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{texts.stages.conflictBody}</Typography>
        <Typography>{both.length ? texts.stages.conflictBoth : texts.common.conflictNone}</Typography>
        {both.map((name) => (
          <Box
            key={name}
            sx={{
              display: 'grid',
              gap: 1,
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' },
            }}
          >
            <Typography variant="h3" sx={{ gridColumn: '1 / -1' }}>
              {LABELS[name]}
            </Typography>
            {sides.map(([side, form]) => (
              <Box key={side} sx={{ minWidth: 0 }}>
                <Typography variant="overline" component="p">
                  {side}
                </Typography>
                {name === 'data_retrieval' ? (
                  <RetrievalSummary retrieval={form[name] as DataRetrieval} />
                ) : (
                  <CodeText label={`${LABELS[name]}: ${side}`} text={valueText(form, name, choices)} maxHeight={160} />
                )}
              </Box>
            ))}
          </Box>
        ))}
        {others.length > 0 && (
          <Typography color="textSecondary">
            {texts.common.conflictOtherChanges(others.map((name) => LABELS[name]).join(', '))}
          </Typography>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onTakeTheirs}>{texts.common.conflictTakeTheirs}</Button>
        <Button variant="contained" onClick={onKeepMine} autoFocus>
          {texts.common.conflictKeepMine}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

const LABELS: Record<keyof StageForm, string> = {
  stage_name: texts.common.name,
  stage_description: texts.common.description,
  stage_type: texts.stages.type,
  agent_id: texts.stages.agent,
  is_active: texts.stages.isActive,
  position: texts.stages.position,
  confidence_threshold: texts.stages.threshold,
  examples: texts.stages.examples,
  fixed_reply: texts.stages.fixedReply,
  extraction_schema: texts.stages.sectionExtraction,
  data_retrieval: texts.stages.sectionRetrieval,
  stage_selection_template_id: `${texts.stages.sectionPrompts}: ${texts.stages.templateTypes['stage_selection']}`,
  data_extraction_template_id: `${texts.stages.sectionPrompts}: ${texts.stages.templateTypes['data_extraction']}`,
  response_generation_template_id: `${texts.stages.sectionPrompts}: ${texts.stages.templateTypes['response_generation']}`,
};

/** The value of a form field as text. */
function valueText(form: StageForm, name: keyof StageForm, { agents, templates }: Choices): string {
  const value = form[name];
  if (typeof value === 'boolean') return value ? texts.common.yes : texts.common.no;
  if (name === 'extraction_schema') return schemaText(form.extraction_schema);
  if (!value) return texts.common.none;
  if (name === 'agent_id') return agents.find((each) => each.agent_id === value)?.agent_name ?? texts.common.unknown;
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
        texts.stages.fieldLabel(row.name, row.required),
        texts.stages.fieldTypes[row.type],
        row.description,
        row.pattern,
        row.choices && texts.stages.oneOf(row.choices.split('\n').join(', ')),
      ]
        .filter(Boolean)
        .join(' · '),
    )
    .join('\n');
}
