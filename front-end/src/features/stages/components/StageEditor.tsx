import { Alert, Button, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { FormProvider, useForm } from 'react-hook-form';
import { Link, useLocation, useNavigate } from 'react-router';
import { ReplacedNotice } from '@/components/ConflictDialog';
import { Page } from '@/components/Page';
import { SaveBar } from '@/components/SaveBar';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { EditedStage } from '@/lib/placeholderNames';
import { mergeChanges } from '@/lib/merge';
import { agentsQuery, templatesQuery } from '@/lib/queries';
import { type Versioned, readStage, useChangeStages } from '../api/stages';
import { StageConflictDialog } from './StageConflictDialog';
import { StageFields } from './StageFields';
import { type Problem, problemsBelow } from './actionForm';
import { schemaProblemsOf } from './schemaForm';
import { NEW_STAGE, type StageForm, changesOf, createOf, formOf } from './stageForm';
import { FormValidity } from './validity';

/** The form for editing a stage, or for creating one if `loaded` is null. */
export function StageEditor({ loaded }: { loaded: Versioned | null }) {
  const navigate = useNavigate();
  // The page to return to after saving, such as the chat.
  const from = (useLocation().state as { from?: string } | null)?.from;
  const notify = useNotify();
  const agents = useQuery(agentsQuery());
  const templates = useQuery(templatesQuery());
  const { create, save } = useChangeStages();
  const methods = useForm<StageForm>({
    mode: 'onChange',
    defaultValues: loaded ? formOf(loaded.row) : NEW_STAGE,
  });
  const { handleSubmit, reset, setValue, watch } = methods;
  const form = watch();
  const [base, setBase] = useState(loaded);
  const [formKey, setFormKey] = useState(0); // remounts the fields that keep local state
  const [invalid, setInvalid] = useState<ReadonlySet<string>>(new Set());
  const [isChecked, setIsChecked] = useState(false);
  const formElement = useRef<HTMLFormElement>(null);
  const [theirs, setTheirs] = useState<Versioned | null>(null);
  const [reloadError, setReloadError] = useState<unknown>(null);
  const [replacedForm, setReplacedForm] = useState<StageForm | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const before = base ? formOf(base.row) : NEW_STAGE;
  const changes = changesOf(form, before);
  const isDirty = !isSaved && (Object.keys(changes).length > 0 || invalid.size > 0);
  const isPending = create.isPending || save.isPending;

  const leave = (stageId: string) => {
    // The guard against unsaved changes must be off before the page is left.
    flushSync(() => setIsSaved(true));
    notify(texts.common.saved);
    void navigate(from ?? paths.stage(stageId));
  };
  const replaceForm = (next: StageForm) => {
    reset(next);
    setIsChecked(false);
    setFormKey((last) => last + 1);
  };
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
  const submit = handleSubmit((values) => {
    if (invalid.size) {
      // The fields are marked in the next rendering.
      flushSync(() => setIsChecked(true));
      formElement.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
      return;
    }
    if (!base) return create.mutate(createOf(values), { onSuccess: leave });
    const stageId = base.row.stage_id;
    setReloadError(null);
    save.mutate(
      { stageId, changes: changesOf(values, before), etag: base.etag },
      {
        onSuccess: () => leave(stageId),
        onError: (error) => {
          if (error instanceof ApiError && error.status === 412) loadTheirs(stageId);
        },
      },
    );
  });
  const failure = create.error ?? (save.error instanceof ApiError && save.error.status === 412 ? null : save.error);
  const problems = failure instanceof ApiError ? failure.details : NO_PROBLEMS;
  const schemaProblems = schemaProblemsOf(problems);
  const sections = sectionsOf(problems);

  const change = <Name extends keyof typeof SECTIONS>(name: Name, value: StageForm[Name]) => {
    setValue(name, value as never);
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
      title={base ? texts.stages.editor(base.row.stage_name) : texts.stages.editorNew}
      back={
        base
          ? { to: paths.stage(base.row.stage_id), label: base.row.stage_name }
          : { to: paths.stages, label: texts.stages.title }
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
      <Stack
        component="form"
        ref={formElement}
        noValidate
        onSubmit={(event) => void submit(event)}
        spacing={2.5}
        sx={{ maxWidth: 900 }}
      >
        <FormProvider {...methods}>
          <FormValidity value={validity}>
            <EditedStage value={edited}>
              <StageFields
                key={formKey}
                isNew={base === null}
                agents={agents.data ?? []}
                templates={templates.data ?? []}
                schemaProblems={schemaProblems}
                problems={problems}
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
            <Alert severity="error">{texts.stages.notSavedIn([...sections].join(', '))}</Alert>
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
          <Button component={Link} to={from ?? (base ? paths.stage(base.row.stage_id) : paths.stages)}>
            {texts.common.cancel}
          </Button>
        </SaveBar>
      </Stack>
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

const NO_PROBLEMS: readonly Problem[] = [];

/** The sections that show their errors themselves. */
const SECTIONS = {
  extraction_schema: `“${texts.stages.sectionExtraction}”`,
  data_retrieval: `“${texts.stages.sectionRetrieval}”`,
  actions: `“${texts.stages.actions}”`,
} as const;

/** The headings of the sections with errors, or null if not all errors belong to one of these sections. */
function sectionsOf(problems: readonly Problem[]): ReadonlySet<string> | null {
  const found = new Map(
    Object.entries(SECTIONS).map(([name, heading]) => [heading, problemsBelow(problems, `$.${name}`).length]),
  );
  const known = [...found.values()].reduce((sum, each) => sum + each, 0);
  if (!known || known < problems.length) return null;
  return new Set([...found].filter(([, n]) => n > 0).map(([heading]) => heading));
}
