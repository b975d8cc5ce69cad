import { Alert, Box, Button, Chip, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useCallback, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { FormProvider, useForm } from '@/lib/form';
import { Link, useLocation, useNavigate } from 'react-router';
import { ReplacedNotice } from '@/components/ReplacedNotice';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Page } from '@/components/Page';
import { SaveBar } from '@/components/SaveBar';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { formatList } from '@/lib/intl';
import { EditedStage } from '@/lib/placeholderNames';
import { mergeChanges } from '@/lib/merge';
import { agentsQuery, templatesQuery } from '@/lib/queries';
import { type Versioned, readStage, useChangeStages } from '@/lib/stages';
import { StageFields } from './StageFields';
import { StageMenu } from './StageMenu';
import { type Problem, problemsBelow } from './actionForm';
import { rowsOf, schemaProblemsOf } from './schemaForm';
import { NEW_STAGE, type StageForm, changesOf, createOf, formOf } from './stageForm';
import { placeOf, type sections as allSections, sectionsOf } from './stageProblems';
import type { PromptType } from './templateUses';
import { useInlineDrafts } from './useInlineDrafts';
import { FormValidity } from './validity';

const BesideStage = loadWhenOpened(async () => (await import('./BesideStage')).BesideStage);
const StageConflictDialog = loadWhenOpened(async () => (await import('./StageConflictDialog')).StageConflictDialog);

/** The page for editing a stage and its templates and for trying it, or for creating one if `loaded` is null. */
export function StageEditor({ loaded }: { loaded: Versioned | null }) {
  const navigate = useNavigate();
  // The page to return to after saving, such as the chat.
  const from = (useLocation().state as { from?: string } | null)?.from;
  const notify = useNotify();
  const agents = useQuery(agentsQuery());
  const templates = useQuery(templatesQuery());
  const { create, save } = useChangeStages();
  const { control, getValues, handleSubmit, reset, setValue } = useForm<StageForm>({
    mode: 'onChange',
    defaultValues: loaded ? formOf(loaded.row) : NEW_STAGE,
  });
  const form = control.values;
  const [base, setBase] = useState(loaded);
  const [formKey, setFormKey] = useState(0); // remounts the fields that keep local state
  const [invalid, setInvalid] = useState<ReadonlySet<string>>(new Set());
  const [isChecked, setIsChecked] = useState(false);
  const formElement = useRef<HTMLFormElement>(null);
  const [theirs, setTheirs] = useState<Versioned | null>(null);
  const [reloadError, setReloadError] = useState<unknown>(null);
  const [replacedForm, setReplacedForm] = useState<StageForm | null>(null);
  const [isLeaving, setIsLeaving] = useState(false);
  const [tab, setTab] = useState<PromptType>('stage_selection');
  const [isAdvancedOpen, setIsAdvancedOpen] = useState(() => rowsOf(loaded?.row.extraction_schema ?? null) === null);
  const { dirtyTemplates, onDraft, saveTemplates, invalidTemplate } = useInlineDrafts();
  const [isSavingTemplates, setIsSavingTemplates] = useState(false);
  const [turnId, setTurnId] = useState<string | null>(null);
  const before = base ? formOf(base.row) : NEW_STAGE;
  const changes = changesOf(form, before);
  const isDirty = !isLeaving && (Object.keys(changes).length > 0 || invalid.size > 0 || dirtyTemplates.size > 0);
  const isPending = create.isPending || save.isPending || isSavingTemplates;

  const leaveTo = (path: string) => {
    // The guard against unsaved changes must be off before the page is left.
    flushSync(() => setIsLeaving(true));
    void navigate(path);
  };
  const accept = (saved: Versioned, submitted: StageForm) => {
    setBase(saved);
    // Text that was typed while the request was sent is kept.
    if (JSON.stringify(getValues()) === JSON.stringify(submitted)) reset(formOf(saved.row));
    setIsChecked(false);
    notify(texts.stages.saved);
    if (from) leaveTo(from);
  };
  /** Shows the tab or section that contains the first field with an error, and moves the focus to it. */
  const showFirstError = () => {
    const field = formElement.current?.querySelector<HTMLElement>('[aria-invalid=true]');
    const place = field?.closest<HTMLElement>('[data-tab]')?.dataset['tab'];
    flushSync(() => showPlace(place));
    field?.focus();
  };
  const showAdvancedErrors = (names: readonly (keyof StageForm)[]) => {
    // The form moves the focus to the first field with an error, which must be visible.
    if (ADVANCED_FIELDS.some((name) => names.includes(name))) flushSync(() => setIsAdvancedOpen(true));
  };
  const showPlace = (place: string | undefined) => {
    if (place === 'advanced') setIsAdvancedOpen(true);
    else if (place) setTab(place as PromptType);
  };
  const replaceForm = (next: StageForm) => {
    reset(next);
    setIsChecked(false);
    setFormKey((last) => last + 1);
  };
  // Shows what someone else has saved, unless that would discard unsaved changes.
  const isOutdated = !isDirty && !isPending && loaded !== null && loaded.row.version > (base?.row.version ?? 0);
  if (isOutdated) {
    setBase(loaded);
    reset(formOf(loaded.row));
    setFormKey((last) => last + 1);
  }
  const continueWith = (next: StageForm, latest: Versioned) => {
    replaceForm(next);
    setBase(latest);
    setTheirs(null);
    save.reset();
  };
  const loadTheirs = (stageId: string) => {
    setReloadError(null);
    readStage(stageId).then(setTheirs, setReloadError);
  };
  const submitValues = async (values: StageForm) => {
    const invalidTab = invalidTemplate();
    if (invalid.size || invalidTab) {
      // The fields are marked in the next rendering.
      flushSync(() => setIsChecked(true));
      if (invalidTab) flushSync(() => setTab(invalidTab));
      return showFirstError();
    }
    if (!base)
      return create.mutate(createOf(values), {
        onSuccess: (stageId) => {
          notify(texts.common.saved);
          leaveTo(from ?? paths.stage(stageId));
        },
      });
    const stageId = base.row.stage_id;
    setReloadError(null);
    setIsSavingTemplates(true);
    const failedTab = await saveTemplates();
    setIsSavingTemplates(false);
    if (failedTab) return setTab(failedTab);
    const changed = changesOf(values, before);
    if (!Object.keys(changed).length) return accept(base, values);
    save.mutate(
      { stageId, changes: changed, etag: base.etag },
      {
        onSuccess: ({ body, etag }) => accept({ row: { ...base.row, ...body }, etag }, values),
        onError: (error) => {
          if (!(error instanceof ApiError)) return;
          if (error.status === 412) loadTheirs(stageId);
          showPlace(placeOf(error.details));
        },
      },
    );
  };
  const submit = (event?: FormEvent) => handleSubmit(submitValues, showAdvancedErrors)(event);
  const failure = create.error ?? (save.error instanceof ApiError && save.error.status === 412 ? null : save.error);
  const problems = failure instanceof ApiError ? failure.details : NO_PROBLEMS;
  const schemaProblems = schemaProblemsOf(problems);
  const sections = sectionsOf(problems);

  const change = <Name extends keyof ReturnType<typeof allSections>>(name: Name, value: StageForm[Name]) => {
    setValue(name, value);
    // The errors belong to the value that was sent.
    if (problemsBelow(problems, `$.${name}`).length) (base ? save : create).reset();
  };
  const report = useCallback(
    (id: string, isInvalid: boolean) =>
      setInvalid((last) => {
        if (last.has(id) === isInvalid) return last;
        return new Set(isInvalid ? [...last, id] : [...last].filter((each) => each !== id));
      }),
    [],
  );
  const validity = useMemo(() => ({ report, isChecked }), [report, isChecked]);
  const edited = useMemo(
    () => ({
      stage_name: form.stage_name,
      extraction_schema: form.extraction_schema,
      data_retrieval: form.data_retrieval,
    }),
    [form.stage_name, form.extraction_schema, form.data_retrieval],
  );

  return (
    <Page
      title={base?.row.stage_name ?? texts.stages.editorNew}
      back={{ to: paths.stages, label: texts.stages.title }}
      actions={
        base && (
          <>
            {!base.row.is_active && <Chip size="small" variant="outlined" label={texts.common.inactive} />}
            <StageMenu stage={base.row} canSwitch={!isDirty} onDeleted={() => leaveTo(paths.stages)} />
          </>
        )
      }
    >
      {replacedForm && (
        <ReplacedNotice
          onRestore={() => {
            replaceForm(replacedForm);
            setReplacedForm(null);
          }}
        />
      )}
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: base ? 'minmax(0, 1fr) 420px' : 'minmax(0, 900px)' },
          alignItems: 'start',
        }}
      >
        <Stack
          component="form"
          ref={formElement}
          noValidate
          onSubmit={(event) => void submit(event)}
          onKeyDown={(event) => {
            if ((event.ctrlKey || event.metaKey) && event.key === 's') {
              event.preventDefault();
              if (isDirty && !isPending) void submit();
            }
          }}
          spacing={2.5}
          sx={{ minWidth: 0 }}
        >
          <FormProvider value={control}>
            <FormValidity value={validity}>
              <EditedStage value={edited}>
                <StageFields
                  key={formKey}
                  stageId={base?.row.stage_id ?? null}
                  agents={agents.data ?? []}
                  templates={templates.data ?? []}
                  schemaProblems={schemaProblems}
                  problems={problems}
                  tab={tab}
                  onTab={setTab}
                  isAdvancedOpen={isAdvancedOpen}
                  onAdvancedOpen={setIsAdvancedOpen}
                  dirtyTemplates={dirtyTemplates}
                  onDraft={onDraft}
                  turnId={turnId}
                  onSchemaChange={(schema) => change('extraction_schema', schema)}
                  onRetrievalChange={(retrieval) => change('data_retrieval', retrieval)}
                  onActionsChange={(actions) => change('actions', actions)}
                />
              </EditedStage>
            </FormValidity>
          </FormProvider>
          {isChecked && invalid.size > 0 && <Alert severity="error">{texts.stages.notSaved}</Alert>}
          {failure &&
            (sections ? (
              <Alert severity="error">{texts.stages.notSavedIn({ sections: formatList([...sections]) })}</Alert>
            ) : (
              <ErrorNotice error={failure} />
            ))}
          {reloadError !== null && base && (
            <ErrorNotice
              title={texts.common.conflictReloadFailed}
              error={reloadError}
              onRetry={() => loadTheirs(base.row.stage_id)}
            />
          )}
          <SaveBar>
            <Button type="submit" variant="contained" disabled={isPending || (base !== null && !isDirty)}>
              {isPending ? texts.common.saving : base ? texts.common.save : texts.common.create}
            </Button>
            {(from || !base) && (
              <Button component={Link} to={from ?? paths.stages}>
                {texts.common.cancel}
              </Button>
            )}
          </SaveBar>
        </Stack>
        {base && <BesideStage stage={base.row} isDirty={isDirty} onTurn={setTurnId} />}
      </Box>
      {theirs && base && (
        <StageConflictDialog
          mine={form}
          before={before}
          theirs={formOf(theirs.row)}
          agents={agents.data ?? []}
          templates={templates.data ?? []}
          onKeepMine={() => continueWith(mergeChanges(form, before, formOf(theirs.row)), theirs)}
          onTakeTheirs={() => {
            setReplacedForm(mergeChanges(form, before, formOf(theirs.row)));
            continueWith(formOf(theirs.row), theirs);
          }}
        />
      )}
      <UnsavedGuard when={isDirty} />
    </Page>
  );
}

const ADVANCED_FIELDS = ['stage_type', 'confidence_threshold', 'position'] as const;
const NO_PROBLEMS: readonly Problem[] = [];
