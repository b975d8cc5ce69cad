import { Typography } from '@mui/material';
import { CodeText } from '@/components/CodeText';
import { ConflictDialog, ConflictingField } from '@/components/ConflictDialog';
import { texts } from '@/config/texts';
import { conflictingFields, changedFields } from '@/lib/merge';
import { DiffView } from '@/components/DiffView';
import type { Draft } from './templateDraft';

const labels = (): Record<keyof Draft, string> => ({
  name: texts.common.name,
  systemPrompt: texts.templates.systemPrompt,
  content: texts.templates.content,
  model: texts.templates.model,
  temperature: texts.templates.temperature,
  maxTokens: texts.templates.maxTokens,
  historyTokens: texts.templates.historyTokens,
  timeout: texts.templates.timeout,
  fallbackModel: texts.templates.fallbackModel,
});

interface Props {
  mine: Draft;
  /** The template as it was loaded into the editor. */
  before: Draft;
  theirs: Draft;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** Shown when someone else saved the template first. */
export function TemplateConflictDialog({ mine, before, theirs, onKeepMine, onTakeTheirs }: Props) {
  const both = conflictingFields(mine, before, theirs);
  const others = changedFields(theirs, before).filter((name) => !both.includes(name));
  return (
    <ConflictDialog
      title={texts.templates.conflictTitle}
      body={texts.templates.conflictBody}
      maxWidth="lg"
      otherChanges={others.map((name) => labels()[name])}
      onKeepMine={onKeepMine}
      onTakeTheirs={onTakeTheirs}
    >
      {both.length === 0 && <Typography>{texts.common.conflictNone}</Typography>}
      {both.map((name) => (
        <ConflictingField
          key={name}
          label={labels()[name]}
          theirs={<CodeText label={`${labels()[name]}: ${texts.common.conflictTheirs}`} text={theirs[name]} />}
          mine={
            <DiffView
              label={`${labels()[name]}: ${texts.common.conflictMine}`}
              before={theirs[name]}
              after={mine[name]}
            />
          }
        />
      ))}
    </ConflictDialog>
  );
}
