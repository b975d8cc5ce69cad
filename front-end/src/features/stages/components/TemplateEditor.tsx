import { Alert, Box, Button, Paper, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { SaveBar } from '@/components/SaveBar';
import { Tabs } from '@/components/Tabs';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { type Versioned, useChangeTemplate } from '../api/templates';
import { Preview } from './Preview';
import { SharedNote } from './SharedNote';
import { TemplateFields } from './TemplateFields';
import { settingValue } from './templateDraft';
import { useSavedText } from './useRulesMode';
import { useTemplateEditing } from './useTemplateEditing';

const VersionHistory = loadWhenOpened(async () => (await import('./VersionHistory')).VersionHistory);

interface Props {
  loaded: Versioned;
  onDeleted?: () => void;
}

/** The form for a template, with its preview and versions beside it. */
export function TemplateEditor({ loaded, onDeleted }: Props) {
  const notify = useNotify();
  const templateId = loaded.row.template_id;
  const editing = useTemplateEditing(loaded);
  const { control, draft, isReadOnly } = editing;
  const { remove } = useChangeTemplate(templateId);
  const [isDeleted, setIsDeleted] = useState(false);
  const [isDeleting, setIsDeleting] = useState(false);
  const [tab, setTab] = useState<'preview' | 'versions'>('preview');
  const { canEdit } = useSession();
  const savedText = useSavedText();
  const isDefault = loaded.row.business_id === null;
  const isDirty = !isDeleted && editing.isDirty;
  const save = async () => {
    if (isDirty && (await editing.save())) notify(savedText);
  };

  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1.25fr) minmax(0, 1fr)' },
        gap: 2.5,
        alignItems: 'start',
      }}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === 's') {
          event.preventDefault();
          void save();
        }
      }}
    >
      <Stack spacing={2.5} sx={{ minWidth: 0 }}>
        {isReadOnly && <Alert severity="info">{canEdit ? texts.templates.readOnly : texts.common.readOnly}</Alert>}
        <SharedNote templateId={templateId} />
        {editing.notices}
        <TemplateFields control={control} isReadOnly={isReadOnly} />
        {editing.errors}
        {!isReadOnly && (
          <SaveBar>
            <Button
              variant="contained"
              onClick={() => void save()}
              disabled={!isDirty || !editing.isValid || editing.isSaving}
            >
              {editing.isSaving ? texts.common.saving : texts.common.save}
            </Button>
            {!isDefault && <Button onClick={editing.askToApplyDefault}>{texts.templates.applyDefault}</Button>}
            <Box sx={{ flexGrow: 1 }} />
            {onDeleted && !isDefault && (
              <Button color="error" onClick={() => setIsDeleting(true)}>
                {texts.common.delete}
              </Button>
            )}
          </SaveBar>
        )}
      </Stack>
      <Paper variant="outlined" sx={{ p: 2, minWidth: 0 }}>
        <Tabs
          id="tab"
          tabs={[
            { value: 'preview', label: texts.templates.preview },
            { value: 'versions', label: texts.templates.versions },
          ]}
          value={tab}
          onChange={setTab}
        />
        <Box role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} sx={{ pt: 2 }}>
          {tab === 'preview' ? (
            <Preview
              content={draft.content}
              systemPrompt={draft.systemPrompt}
              templateType={loaded.row.template_type}
              historyTokens={settingValue('historyTokens', draft.historyTokens)}
            />
          ) : (
            <VersionHistory
              templateId={templateId}
              draft={draft}
              currentVersion={editing.version}
              canRestore={!isReadOnly}
              onRestore={editing.restore}
            />
          )}
        </Box>
      </Paper>
      {editing.dialogs}
      <ConfirmDialog
        open={isDeleting}
        title={texts.templates.delete}
        confirm={texts.common.delete}
        danger
        busy={remove.isPending}
        error={remove.error}
        onClose={() => {
          setIsDeleting(false);
          remove.reset();
        }}
        onConfirm={() =>
          remove.mutate(editing.etag, {
            onSuccess: () => {
              // The guard against unsaved changes must be off before the page is left.
              flushSync(() => setIsDeleted(true));
              notify(texts.common.deleted);
              onDeleted?.();
            },
          })
        }
      >
        <Typography>{texts.templates.deleteHint}</Typography>
      </ConfirmDialog>
      <UnsavedGuard when={isDirty} />
    </Box>
  );
}
