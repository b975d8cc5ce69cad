import { type ReactNode, useState } from 'react';
import { type Control, useForm } from '@/lib/form';
import { Alert, Typography } from '@mui/material';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { ReplacedNotice } from '@/components/ReplacedNotice';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { conflictingFields, mergeChanges } from '@/lib/merge';
import { useSession } from '@/lib/session';
import { type Versioned, readTemplate, useChangeTemplate } from '../api/templates';
import { type Draft, changesOf, draftOf, isSame } from './templateDraft';

const TemplateConflictDialog = loadWhenOpened(
  async () => (await import('./TemplateConflictDialog')).TemplateConflictDialog,
);

export interface TemplateEditing {
  control: Control<Draft>;
  draft: Draft;
  /** The version of the template that the draft is based on. */
  version: number;
  isReadOnly: boolean;
  isDirty: boolean;
  isValid: boolean;
  isSaving: boolean;
  /** Saves the draft if it has changed. Returns whether nothing is left to save. */
  save: () => Promise<boolean>;
  restore: (version: number) => void;
  askToApplyDefault: () => void;
  etag: string | null;
  /** What the user has to know before going on editing. */
  notices: ReactNode;
  /** Errors of the last attempt to save. */
  errors: ReactNode;
  dialogs: ReactNode;
}

/** The draft of a template: saving, restoring and resetting it, and what happens if someone else saves it first. */
export function useTemplateEditing(loaded: Versioned): TemplateEditing {
  const notify = useNotify();
  const templateId = loaded.row.template_id;
  const { save, applyDefault, restore } = useChangeTemplate(templateId);
  const [base, setBase] = useState(loaded);
  const {
    control,
    values: draft,
    isValid,
    reset,
    check,
  } = useForm<Draft>({ mode: 'onChange', defaultValues: draftOf(loaded.row) });
  const [theirs, setTheirs] = useState<Versioned | null>(null);
  const [replacedDraft, setReplacedDraft] = useState<Draft | null>(null);
  const [reloadError, setReloadError] = useState<unknown>(null);
  const [overwritesTheirs, setOverwritesTheirs] = useState(false);
  const [isAskingForDefault, setIsAskingForDefault] = useState(false);
  const { canEdit, me } = useSession();
  const before = draftOf(base.row);
  const isDirty = !isSame(draft, before);
  const isDefault = loaded.row.business_id === null;
  const isReadOnly = isDefault ? !me.is_operator : !canEdit;

  const replaceDraft = (next: Draft) => {
    reset(next);
    check(); // shows the errors of a restored draft
  };

  // Shows what someone else has saved, unless that would discard unsaved changes.
  const isOutdated = !isDirty && loaded.row.version > base.row.version;
  if (isOutdated) {
    setBase(loaded);
    reset(draftOf(loaded.row));
  }

  const accept = (now: Versioned) => {
    setBase(now);
    replaceDraft(draftOf(now.row));
    setOverwritesTheirs(false);
    setReplacedDraft(null);
    setReloadError(null);
  };
  const loadTheirs = () => {
    setReloadError(null);
    readTemplate(templateId).then(setTheirs, setReloadError);
  };
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status === 412) loadTheirs();
  };
  const saveDraft = async () => {
    if (!isDirty) return true;
    if (save.isPending || !check()) return false;
    try {
      accept(await save.mutateAsync({ changes: changesOf(draft, before), etag: base.etag }));
      return true;
    } catch (error) {
      onError(error as Error);
      return false;
    }
  };
  const failed = [save, applyDefault, restore].find(
    (each) => each.error && !(each.error instanceof ApiError && each.error.status === 412),
  );

  return {
    control,
    draft,
    version: base.row.version,
    etag: base.etag,
    isReadOnly,
    isDirty,
    isValid,
    isSaving: save.isPending,
    save: saveDraft,
    restore: (version) =>
      restore.mutate(
        { version, etag: base.etag },
        {
          onSuccess: (now) => {
            accept(now);
            notify(texts.templates.restored({ n: version }));
          },
          onError,
        },
      ),
    askToApplyDefault: () => setIsAskingForDefault(true),
    notices: (
      <>
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
      </>
    ),
    errors: (
      <>
        {reloadError !== null && (
          <ErrorNotice title={texts.common.conflictReloadFailed} error={reloadError} onRetry={loadTheirs} />
        )}
        {failed && <ErrorNotice error={failed.error} onClose={() => failed.reset()} />}
      </>
    ),
    dialogs: (
      <>
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
          open={isAskingForDefault}
          title={texts.templates.applyDefaultTitle}
          confirm={texts.templates.applyDefault}
          busy={applyDefault.isPending}
          onClose={() => setIsAskingForDefault(false)}
          onConfirm={() =>
            applyDefault.mutate(base.etag, {
              onSuccess: (now) => {
                accept(now);
                notify(texts.templates.applied);
              },
              onError,
              onSettled: () => setIsAskingForDefault(false),
            })
          }
        >
          <Typography>
            {texts.templates.applyDefaultBody}
            {isDirty && ` ${texts.templates.applyDefaultUnsaved}`}
          </Typography>
        </ConfirmDialog>
      </>
    ),
  };
}
