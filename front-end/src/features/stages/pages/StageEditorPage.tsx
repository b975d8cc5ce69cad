import {
  Alert,
  Box,
  Button,
  FormControlLabel,
  FormHelperText,
  MenuItem,
  Stack,
  Switch,
  TextField,
  Typography,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import { Link, Navigate, useLocation, useNavigate, useParams } from 'react-router';
import { BraceEditor } from '@/components/BraceEditor';
import { Page } from '@/components/Page';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useNotify } from '@/components/notify';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { useNames } from '@/lib/known';
import { merged } from '@/lib/merge';
import { useSession } from '@/lib/session';
import { templatesQuery } from '@/lib/queries';
import { type Versioned, agentsQuery, readStage, stageQuery, useChangeStages } from '../api/stages';
import { Fields } from '../components/Fields';
import { Retrieval } from '../components/Retrieval';
import { StageConflict } from '../components/StageConflict';
import { NEW_STAGE, type StageForm, changesOf, createOf, formOf, problemsOf } from '../components/form';
import { schemaProblemsOf } from '../components/schemaForm';

export default function StageEditorPage() {
  const { stageId = 'new' } = useParams();
  const { canEdit } = useSession();
  // Whoever only reads is shown the stage itself, which says all that the form would.
  if (!canEdit && stageId !== 'new') return <Navigate to={paths.stage(stageId)} replace />;
  if (!canEdit) {
    return (
      <Page title={texts.stages.editorNew} back={{ to: paths.stages, label: texts.stages.title }}>
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      </Page>
    );
  }
  return stageId === 'new' ? <Editor key="new" loaded={null} /> : <Existing key={stageId} stageId={stageId} />;
}

function Existing({ stageId }: { stageId: string }) {
  // Read once and kept: a form in which somebody types does not change under their hands.
  const stage = useQuery({ ...stageQuery(stageId), refetchOnWindowFocus: false });
  if (stage.data) return <Editor loaded={stage.data} />;
  return (
    <Page title={texts.stages.detail} back={{ to: paths.stages, label: texts.stages.title }}>
      <QueryView query={stage}>{() => null}</QueryView>
    </Page>
  );
}

function Editor({ loaded }: { loaded: Versioned | null }) {
  const navigate = useNavigate();
  // Whoever came from an answer goes back to it, to ask again.
  const from = (useLocation().state as { from?: string } | null)?.from;
  const notify = useNotify();
  const names = useNames();
  const agents = useQuery(agentsQuery());
  const templates = useQuery(templatesQuery());
  const { create, save } = useChangeStages();
  const [base, setBase] = useState(loaded);
  const [form, setForm] = useState<StageForm>(() => (loaded ? formOf(loaded.row) : NEW_STAGE));
  const [edition, setEdition] = useState(0); // of the parts that keep what is being typed to themselves
  const [fieldsGood, setFieldsGood] = useState(true);
  const [checked, setChecked] = useState(false);
  const [theirs, setTheirs] = useState<Versioned | null>(null);
  const [unread, setUnread] = useState<unknown>(null); // why theirs could not be read
  const [setAside, setSetAside] = useState<StageForm | null>(null);
  const [isDone, setIsDone] = useState(false);
  const before = base ? formOf(base.row) : NEW_STAGE;
  const changes = changesOf(form, before);
  const isDirty = !isDone && (Object.keys(changes).length > 0 || !fieldsGood);
  const problems = problemsOf(form);
  const change = (values: Partial<StageForm>) => setForm((last) => ({ ...last, ...values }));

  const changeSchema = (extraction_schema: StageForm['extraction_schema']) => {
    change({ extraction_schema });
    // What was said of the schema was said of another one.
    if (refused.patterns.length || refused.others.length) (base ? save : create).reset();
  };

  const leave = (stageId: string) => {
    // The guard hears first that there is nothing to lose any more.
    flushSync(() => setIsDone(true));
    notify(texts.common.saved);
    void navigate(from ?? paths.stage(stageId));
  };
  const goOnWith = (next: StageForm, read: Versioned) => {
    replaceForm(next);
    setBase(read);
    setTheirs(null);
    save.reset();
  };
  const replaceForm = (next: StageForm) => {
    setForm(next);
    setFieldsGood(true);
    setEdition((last) => last + 1);
  };
  const readTheirs = (stageId: string) => {
    setUnread(null);
    readStage(stageId).then(setTheirs, setUnread);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (problems.length || !fieldsGood) return;
    if (!base) return create.mutate(createOf(form), { onSuccess: leave });
    const stageId = base.row.stage_id;
    setUnread(null);
    save.mutate(
      { stageId, changes, etag: base.etag },
      {
        onSuccess: () => leave(stageId),
        onError: (error) => {
          if (error instanceof ApiError && error.status === 412) readTheirs(stageId);
        },
      },
    );
  };
  const failure = create.error ?? (save.error instanceof ApiError && save.error.status === 412 ? null : save.error);
  const refused = schemaProblemsOf(failure instanceof ApiError ? failure.details : []);

  const templateField = (type: 'stage_selection' | 'data_extraction' | 'response_generation') => {
    const field = `${type}_template_id` as const;
    const fitting = templates.data?.filter((each) => each.template_type === type) ?? [];
    const value = form[field];
    return (
      <Stack spacing={0.5}>
        <TextField
          select
          label={texts.stages.templateOf[type]}
          value={value === '' || fitting.some((each) => each.template_id === value) ? value : ''}
          onChange={(event) => change({ [field]: event.target.value })}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        >
          {(!base || value === '') && <MenuItem value="">{texts.stages.ownCopy}</MenuItem>}
          {fitting.map((each) => (
            <MenuItem key={each.template_id} value={each.template_id}>
              {each.template_name}
            </MenuItem>
          ))}
        </TextField>
        {value && (
          <Button
            size="small"
            component={Link}
            to={paths.template(value)}
            sx={{ alignSelf: 'flex-start' }}
            aria-label={`${texts.stages.editTemplate}: ${texts.stages.templateOf[type]}`}
          >
            {texts.stages.editTemplate}
          </Button>
        )}
      </Stack>
    );
  };

  return (
    <Page
      title={base ? texts.stages.editor(base.row.stage_name) : texts.stages.editorNew}
      back={
        base
          ? { to: paths.stage(base.row.stage_id), label: base.row.stage_name }
          : { to: paths.stages, label: texts.stages.title }
      }
    >
      {setAside && (
        <Alert
          severity="info"
          action={
            <Button
              size="small"
              color="inherit"
              onClick={() => {
                replaceForm(setAside);
                setSetAside(null);
              }}
            >
              {texts.stages.conflictUndo}
            </Button>
          }
        >
          {texts.stages.conflictTaken}
        </Alert>
      )}
      <Stack component="form" noValidate onSubmit={submit} spacing={2.5} sx={{ maxWidth: 900 }}>
        <Section title={texts.stages.sectionBasics}>
          <TextField
            label={texts.common.name}
            required
            value={form.stage_name}
            onChange={(event) => change({ stage_name: event.target.value })}
            error={checked && problems.includes('name')}
            helperText={checked && problems.includes('name') ? texts.stages.nameNeeded : texts.stages.nameHint}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
          <TextField
            multiline
            minRows={2}
            label={texts.common.description}
            value={form.stage_description}
            onChange={(event) => change({ stage_description: event.target.value })}
            helperText={texts.stages.descriptionHint}
            slotProps={{ htmlInput: { maxLength: 5000 } }}
          />
          <TextField
            multiline
            minRows={3}
            label={texts.stages.examples}
            value={form.examples}
            onChange={(event) => change({ examples: event.target.value })}
            helperText={texts.stages.examplesHint}
          />
          <Box
            sx={{
              display: 'grid',
              gap: 2,
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' },
            }}
          >
            <TextField
              label={texts.stages.type}
              value={form.stage_type}
              onChange={(event) => change({ stage_type: event.target.value })}
              helperText={texts.stages.typeHint}
              slotProps={{ htmlInput: { maxLength: 100 } }}
            />
            <TextField
              select
              label={texts.stages.agent}
              value={agents.data?.some((each) => each.agent_id === form.agent_id) ? form.agent_id : ''}
              onChange={(event) => change({ agent_id: event.target.value })}
              slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
            >
              <MenuItem value="">{texts.stages.noAgent}</MenuItem>
              {agents.data?.map((each) => (
                <MenuItem key={each.agent_id} value={each.agent_id}>
                  {each.agent_name}
                </MenuItem>
              ))}
            </TextField>
            <TextField
              label={texts.stages.threshold}
              value={form.confidence_threshold}
              onChange={(event) => change({ confidence_threshold: event.target.value })}
              error={problems.includes('threshold')}
              helperText={problems.includes('threshold') ? texts.stages.thresholdWrong : texts.stages.thresholdHint}
              slotProps={{ htmlInput: { inputMode: 'decimal' } }}
            />
            <TextField
              label={texts.stages.position}
              value={form.position}
              onChange={(event) => change({ position: event.target.value })}
              error={problems.includes('position')}
              helperText={texts.stages.positionHint}
              slotProps={{ htmlInput: { inputMode: 'numeric' } }}
            />
          </Box>
          <div>
            <FormControlLabel
              control={
                <Switch checked={form.is_active} onChange={(event) => change({ is_active: event.target.checked })} />
              }
              label={texts.stages.isActive}
            />
            <FormHelperText sx={{ mt: 0 }}>{texts.stages.isActiveHint}</FormHelperText>
          </div>
        </Section>
        <Section title={texts.stages.sectionData}>
          <Fields
            key={edition}
            schema={form.extraction_schema}
            problems={refused}
            onChange={changeSchema}
            onValid={setFieldsGood}
          />
        </Section>
        <Section title={texts.stages.sectionRetrieval}>
          <Retrieval value={form.data_retrieval} onChange={(data_retrieval) => change({ data_retrieval })} />
        </Section>
        <Section title={texts.stages.sectionPrompts}>
          {templateField('stage_selection')}
          {templateField('data_extraction')}
          {templateField('response_generation')}
        </Section>
        <Section title={texts.stages.sectionReply}>
          <BraceEditor
            label={texts.stages.fixedReply}
            hint={texts.stages.fixedReplyHint}
            value={form.fixed_reply}
            onChange={(fixed_reply) => change({ fixed_reply })}
            names={names}
            minRows={3}
          />
        </Section>
        {failure &&
          (refused.isAll ? (
            <Alert severity="error">{texts.stages.notSavedFacts}</Alert>
          ) : (
            <ErrorNotice error={failure} />
          ))}
        {unread !== null && base && (
          <ErrorNotice
            title={texts.common.conflictUnread}
            error={unread}
            onRetry={() => readTheirs(base.row.stage_id)}
          />
        )}
        <Stack
          direction="row"
          spacing={1}
          sx={{
            position: 'sticky',
            bottom: 0,
            py: 1.5,
            bgcolor: 'background.default',
            borderTop: 1,
            borderColor: 'divider',
            zIndex: 2,
          }}
        >
          <Button
            type="submit"
            variant="contained"
            disabled={create.isPending || save.isPending || (base !== null && !isDirty)}
          >
            {create.isPending || save.isPending ? texts.common.saving : base ? texts.common.save : texts.common.create}
          </Button>
          <Button component={Link} to={from ?? (base ? paths.stage(base.row.stage_id) : paths.stages)}>
            {texts.common.cancel}
          </Button>
        </Stack>
      </Stack>
      {theirs && base && (
        <StageConflict
          mine={form}
          before={before}
          theirs={formOf(theirs.row)}
          agents={agents.data ?? []}
          templates={templates.data ?? []}
          onKeepMine={() => goOnWith(merged(form, before, formOf(theirs.row)), theirs)}
          onTakeTheirs={() => {
            setSetAside(merged(form, before, formOf(theirs.row)));
            goOnWith(formOf(theirs.row), theirs);
          }}
        />
      )}
      <UnsavedGuard when={isDirty} />
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card component="section" aria-label={title}>
      <Stack spacing={2}>
        <Typography variant="h2">{title}</Typography>
        {children}
      </Stack>
    </Card>
  );
}
