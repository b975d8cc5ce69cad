import { Alert, Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { Tabs } from '@/components/Tabs';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { type Versioned, templateQuery } from '../api/templates';
import { SharedNote } from './SharedNote';
import { TemplateFields } from './TemplateFields';
import { settingValue } from './templateDraft';
import type { PromptType } from './templateUses';
import { useRulesMode } from './useRulesMode';
import { useTemplateEditing } from './useTemplateEditing';

const Preview = loadWhenOpened(async () => (await import('./Preview')).Preview);
const VersionHistory = loadWhenOpened(async () => (await import('./VersionHistory')).VersionHistory);

/** What the page of a stage has to know to save a template together with the stage. */
export interface InlineDraft {
  isDirty: boolean;
  isValid: boolean;
  save: () => Promise<boolean>;
}

interface Props {
  type: PromptType;
  templateId: string;
  stageId: string;
  /** The turn that was last tried on the page. */
  turnId: string | null;
  /** Called when the draft changes, and with null when it is gone. */
  onDraft: (type: PromptType, draft: InlineDraft | null) => void;
}

/** A template of a stage, edited on the page of the stage and saved with it. */
export function InlineTemplate(props: Props) {
  const template = useQuery(templateQuery(props.templateId));
  return (
    <QueryView query={template}>
      {(loaded) => <LoadedTemplate key={loaded.row.template_id} {...props} loaded={loaded} />}
    </QueryView>
  );
}

const VIEWS = ['text', 'preview', 'versions'] as const;

function LoadedTemplate({ type, templateId, stageId, turnId, onDraft, loaded }: Props & { loaded: Versioned }) {
  const id = useId();
  const editing = useTemplateEditing(loaded);
  const isRulesMode = useRulesMode();
  const [view, setView] = useState<(typeof VIEWS)[number]>('text');
  const labels = {
    text: texts.stages.promptText,
    preview: texts.templates.preview,
    versions: texts.templates.versions,
  };
  const { draft, isDirty, isValid, save } = editing;
  useEffect(() => {
    onDraft(type, { isDirty, isValid, save });
  });
  useEffect(() => () => onDraft(type, null), [type, onDraft]);
  return (
    <Stack spacing={2}>
      {isRulesMode && (
        <Alert severity="info" role="note">
          {texts.stages.notUsedByRules[type]}
        </Alert>
      )}
      <SharedNote templateId={templateId} stageId={stageId} />
      {editing.notices}
      <Stack
        direction="row"
        useFlexGap
        spacing={1}
        sx={{ flexWrap: 'wrap', justifyContent: 'space-between', alignItems: 'center' }}
      >
        <Tabs
          id={id}
          label={texts.stages.templateOf({ step: texts.stages.templateTypes[type] ?? type })}
          tabs={VIEWS.map((name) => ({ value: name, label: labels[name] }))}
          value={view}
          onChange={setView}
        />
        <Button size="small" onClick={editing.askToApplyDefault}>
          {texts.templates.applyDefault}
        </Button>
      </Stack>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${view}`}>
        {/* The fields stay mounted: their errors and the cursor are kept. */}
        <Stack spacing={2.5} hidden={view !== 'text'} sx={{ '&[hidden]': { display: 'none' } }}>
          <TemplateFields control={editing.control} isReadOnly={editing.isReadOnly} withoutName />
        </Stack>
        {view === 'preview' && (
          <Preview
            key={turnId}
            content={draft.content}
            systemPrompt={draft.systemPrompt}
            templateType={type}
            historyTokens={settingValue('historyTokens', draft.historyTokens)}
            turnId={turnId}
          />
        )}
        {view === 'versions' && (
          <VersionHistory
            templateId={templateId}
            draft={draft}
            currentVersion={editing.version}
            canRestore={!editing.isReadOnly}
            onRestore={editing.restore}
          />
        )}
      </div>
      {editing.errors}
      {isDirty && (
        <Typography variant="caption" color="textSecondary">
          {texts.stages.savedWithStage}
        </Typography>
      )}
      {editing.dialogs}
    </Stack>
  );
}
