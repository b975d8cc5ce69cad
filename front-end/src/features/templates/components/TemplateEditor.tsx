import { Alert, Box, Button, Paper, Stack, Tab, Tabs, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { useForm } from 'react-hook-form';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { ReplacedNotice } from '@/components/ConflictDialog';
import { SaveBar } from '@/components/SaveBar';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { usePlaceholderNames } from '@/lib/placeholderNames';
import { conflictingFields, mergeChanges } from '@/lib/merge';
import { modelStatusQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { type Versioned, readTemplate, useChangeTemplate } from '../api/templates';
import { TemplateConflictDialog } from './TemplateConflictDialog';
import { Preview } from './Preview';
import { TemplateFields } from './TemplateFields';
import { VersionHistory } from './VersionHistory';
import { type Draft, changesOf, draftOf, isSame, settingValue } from './templateDraft';

interface Props {
  loaded: Versioned;
  onDeleted?: () => void;
}

/** The form for a template, with its preview and versions beside it. */
export function TemplateEditor({ loaded, onDeleted }: Props) {
  const notify = useNotify();
  const names = usePlaceholderNames();
  const isRulesMode = useQuery(modelStatusQuery()).data?.status === 'none';
  const savedText = isRulesMode ? texts.templates.savedInRulesMode : texts.templates.savedTry;
  const templateId = loaded.row.template_id;
  const { save, applyDefault, restore, remove } = useChangeTemplate(templateId);
  const [base, setBase] = useState(loaded);
  const {
    control,
    formState: { isValid },
    handleSubmit,
    reset,
    trigger,
    watch,
  } = useForm<Draft>({
    mode: 'onChange',
    defaultValues: draftOf(loaded.row),
  });
  const draft = watch();
  const [theirs, setTheirs] = useState<Versioned | null>(null);
  const [replacedDraft, setReplacedDraft] = useState<Draft | null>(null);
  const [reloadError, setReloadError] = useState<unknown>(null);
  const [isDeleted, setIsDeleted] = useState(false);
  const [overwritesTheirs, setOverwritesTheirs] = useState(false);
  const [tab, setTab] = useState<'preview' | 'versions'>('preview');
  const [openDialog, setOpenDialog] = useState<'default' | 'delete' | null>(null);
  const before = draftOf(base.row);
  const isDirty = !isDeleted && !isSame(draft, before);
  const { canEdit, me } = useSession();
  const isDefault = loaded.row.business_id === null;
  const isReadOnly = isDefault ? !me.is_operator : !canEdit;

  const replaceDraft = (next: Draft) => {
    reset(next);
    void trigger(); // shows the errors of a restored draft
  };

  // Shows what someone else has saved, unless that would discard unsaved changes.
  const isOutdated = !isDirty && loaded.row.version > base.row.version;
  useEffect(() => {
    if (!isOutdated) return;
    setBase(loaded);
    reset(draftOf(loaded.row));
  }, [isOutdated, loaded, reset]);

  const acceptSaved = (now: Versioned, text: string) => {
    setBase(now);
    replaceDraft(draftOf(now.row));
    setOverwritesTheirs(false);
    setReplacedDraft(null);
    setReloadError(null);
    notify(text);
  };
  const loadTheirs = () => {
    setReloadError(null);
    readTemplate(templateId).then(setTheirs, setReloadError);
  };
  const onFailure = (error: Error) => {
    if (error instanceof ApiError && error.status === 412) loadTheirs();
  };
  const onSave = handleSubmit((values) => {
    if (!isDirty || save.isPending) return;
    save.mutate(
      { changes: changesOf(values, before), etag: base.etag },
      { onSuccess: (now) => acceptSaved(now, savedText), onError: onFailure },
    );
  });
  const failed = [save, applyDefault, restore].find(
    (each) => each.error && !(each.error instanceof ApiError && each.error.status === 412),
  );

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
          void onSave();
        }
      }}
    >
      <Stack spacing={2.5} sx={{ minWidth: 0 }}>
        {isReadOnly && <Alert severity="info">{canEdit ? texts.templates.readOnly : texts.common.readOnly}</Alert>}
        {isDefault && !isReadOnly && <Alert severity="warning">{texts.templates.defaultOfAll}</Alert>}
        {overwritesTheirs && <Alert severity="warning">{texts.templates.conflictKept}</Alert>}
        {replacedDraft && (
          <ReplacedNotice
            onRestore={() => {
              replaceDraft(replacedDraft);
              setReplacedDraft(null);
            }}
          />
        )}
        <TemplateFields control={control} isReadOnly={isReadOnly} />
        {reloadError !== null && (
          <ErrorNotice title={texts.common.conflictReloadFailed} error={reloadError} onRetry={loadTheirs} />
        )}
        {failed && <ErrorNotice error={failed.error} onClose={() => failed.reset()} />}
        {!isReadOnly && (
          <SaveBar>
            <Button variant="contained" onClick={() => void onSave()} disabled={!isDirty || !isValid || save.isPending}>
              {save.isPending ? texts.common.saving : texts.common.save}
            </Button>
            {!isDefault && <Button onClick={() => setOpenDialog('default')}>{texts.templates.applyDefault}</Button>}
            <Box sx={{ flexGrow: 1 }} />
            {onDeleted && !isDefault && (
              <Button color="error" onClick={() => setOpenDialog('delete')}>
                {texts.common.delete}
              </Button>
            )}
          </SaveBar>
        )}
      </Stack>
      <Paper variant="outlined" sx={{ p: 2, minWidth: 0 }}>
        <Tabs value={tab} onChange={(_, next: 'preview' | 'versions') => setTab(next)} sx={{ mb: 2 }}>
          <Tab value="preview" id="tab-preview" aria-controls="tab-panel" label={texts.templates.preview} />
          <Tab value="versions" id="tab-versions" aria-controls="tab-panel" label={texts.templates.versions} />
        </Tabs>
        <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
          {tab === 'preview' ? (
            <Preview
              content={draft.content}
              systemPrompt={draft.systemPrompt}
              historyTokens={settingValue('historyTokens', draft.historyTokens)}
              names={names}
            />
          ) : (
            <VersionHistory
              templateId={templateId}
              draft={draft}
              currentVersion={base.row.version}
              canRestore={!isReadOnly}
              onRestore={(version) =>
                restore.mutate(
                  { version, etag: base.etag },
                  { onSuccess: (now) => acceptSaved(now, texts.templates.restored(version)), onError: onFailure },
                )
              }
            />
          )}
        </div>
      </Paper>
      {theirs && (
        <TemplateConflictDialog
          mine={draft}
          before={before}
          theirs={draftOf(theirs.row)}
          onKeepMine={() => {
            replaceDraft(mergeChanges(draft, before, draftOf(theirs.row)));
            setOverwritesTheirs(conflictingFields(draft, before, draftOf(theirs.row)).length > 0);
            setBase(theirs);
            setTheirs(null);
            save.reset();
          }}
          onTakeTheirs={() => {
            setReplacedDraft(mergeChanges(draft, before, draftOf(theirs.row)));
            setBase(theirs);
            replaceDraft(draftOf(theirs.row));
            setTheirs(null);
            save.reset();
          }}
        />
      )}
      <ConfirmDialog
        open={openDialog === 'default'}
        title={texts.templates.applyDefaultTitle}
        confirm={texts.templates.applyDefault}
        busy={applyDefault.isPending}
        onClose={() => setOpenDialog(null)}
        onConfirm={() =>
          applyDefault.mutate(base.etag, {
            onSuccess: (now) => acceptSaved(now, texts.templates.applied),
            onError: onFailure,
            onSettled: () => setOpenDialog(null),
          })
        }
      >
        <Typography>
          {texts.templates.applyDefaultBody}
          {isDirty && ` ${texts.templates.applyDefaultUnsaved}`}
        </Typography>
      </ConfirmDialog>
      <ConfirmDialog
        open={openDialog === 'delete'}
        title={texts.templates.delete}
        confirm={texts.common.delete}
        danger
        busy={remove.isPending}
        error={remove.error}
        onClose={() => {
          setOpenDialog(null);
          remove.reset();
        }}
        onConfirm={() =>
          remove.mutate(base.etag, {
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
