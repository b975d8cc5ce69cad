import {
  Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, FormControlLabel, FormHelperText, MenuItem, Stack, Switch, TextField, Typography,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { BraceEditor } from '@/components/BraceEditor';
import { CodeText, asJson } from '@/components/CodeText';
import { Page } from '@/components/Page';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useNotify } from '@/components/notify';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { useNames } from '@/lib/known';
import { useSession } from '@/lib/session';
import { templatesQuery } from '@/lib/queries';
import { type Versioned, agentsQuery, readStage, stageQuery, useChangeStages } from '../api/stages';
import { Fields } from '../components/Fields';
import { Retrieval } from '../components/Retrieval';
import { NEW_STAGE, type StageForm, changesOf, createOf, formOf, problemsOf } from '../components/form';

export default function StageEditorPage() {
  const { stageId = 'new' } = useParams();
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
  const { canEdit } = useSession();
  const agents = useQuery(agentsQuery());
  const templates = useQuery(templatesQuery());
  const { create, save } = useChangeStages();
  const [base, setBase] = useState(loaded);
  const [form, setForm] = useState<StageForm>(() => (loaded ? formOf(loaded.row) : NEW_STAGE));
  const [edition, setEdition] = useState(0); // of the parts that keep what is being typed to themselves
  const [fieldsGood, setFieldsGood] = useState(true);
  const [checked, setChecked] = useState(false);
  const [theirs, setTheirs] = useState<Versioned | null>(null);
  const [isDone, setIsDone] = useState(false);
  const before = base ? formOf(base.row) : NEW_STAGE;
  const changes = changesOf(form, before);
  const isDirty = !isDone && (Object.keys(changes).length > 0 || !fieldsGood);
  const problems = problemsOf(form);
  const change = (values: Partial<StageForm>) => setForm((last) => ({ ...last, ...values }));

  const leave = (stageId: string) => {
    // The guard hears first that there is nothing to lose any more.
    flushSync(() => setIsDone(true));
    notify(texts.common.saved);
    void navigate(from ?? paths.stage(stageId));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (problems.length || !fieldsGood) return;
    if (!base) return create.mutate(createOf(form), { onSuccess: leave });
    const stageId = base.row.stage_id;
    save.mutate(
      { stageId, changes, etag: base.etag },
      {
        onSuccess: () => leave(stageId),
        onError: (error) => {
          if (error instanceof ApiError && error.status === 412) void readStage(stageId).then(setTheirs);
        },
      },
    );
  };
  const failure = create.error ?? (save.error instanceof ApiError && save.error.status === 412 ? null : save.error);

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
          {fitting.map((each) => <MenuItem key={each.template_id} value={each.template_id}>{each.template_name}</MenuItem>)}
        </TextField>
        {value && <Button size="small" component={Link} to={paths.template(value)} sx={{ alignSelf: 'flex-start' }} aria-label={`${texts.stages.editTemplate}: ${texts.stages.templateOf[type]}`}>{texts.stages.editTemplate}</Button>}
      </Stack>
    );
  };

  return (
    <Page
      title={base ? texts.stages.editor(base.row.stage_name) : texts.stages.editorNew}
      back={base ? { to: paths.stage(base.row.stage_id), label: base.row.stage_name } : { to: paths.stages, label: texts.stages.title }}
    >
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
          <TextField multiline minRows={2} label={texts.common.description} value={form.stage_description} onChange={(event) => change({ stage_description: event.target.value })} helperText={texts.stages.descriptionHint} slotProps={{ htmlInput: { maxLength: 5000 } }} />
          <TextField multiline minRows={3} label={texts.stages.examples} value={form.examples} onChange={(event) => change({ examples: event.target.value })} helperText={texts.stages.examplesHint} />
          <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}>
            <TextField label={texts.stages.type} value={form.stage_type} onChange={(event) => change({ stage_type: event.target.value })} helperText={texts.stages.typeHint} slotProps={{ htmlInput: { maxLength: 100 } }} />
            <TextField select label={texts.stages.agent} value={agents.data?.some((each) => each.agent_id === form.agent_id) ? form.agent_id : ''} onChange={(event) => change({ agent_id: event.target.value })} slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}>
              <MenuItem value="">{texts.stages.noAgent}</MenuItem>
              {agents.data?.map((each) => <MenuItem key={each.agent_id} value={each.agent_id}>{each.agent_name}</MenuItem>)}
            </TextField>
            <TextField label={texts.stages.threshold} value={form.confidence_threshold} onChange={(event) => change({ confidence_threshold: event.target.value })} error={problems.includes('threshold')} helperText={problems.includes('threshold') ? texts.stages.thresholdWrong : texts.stages.thresholdHint} slotProps={{ htmlInput: { inputMode: 'decimal' } }} />
            <TextField label={texts.stages.position} value={form.position} onChange={(event) => change({ position: event.target.value })} error={problems.includes('position')} helperText={texts.stages.positionHint} slotProps={{ htmlInput: { inputMode: 'numeric' } }} />
          </Box>
          <div>
            <FormControlLabel control={<Switch checked={form.is_active} onChange={(event) => change({ is_active: event.target.checked })} />} label={texts.stages.isActive} />
            <FormHelperText sx={{ mt: 0 }}>{texts.stages.isActiveHint}</FormHelperText>
          </div>
        </Section>
        <Section title={texts.stages.sectionData}>
          <Fields key={edition} schema={form.extraction_schema} onChange={(extraction_schema) => change({ extraction_schema })} onValid={setFieldsGood} />
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
          <BraceEditor label={texts.stages.fixedReply} hint={texts.stages.fixedReplyHint} value={form.fixed_reply} onChange={(fixed_reply) => change({ fixed_reply })} names={names} minRows={3} />
        </Section>
        {failure && <ErrorNotice error={failure} />}
        <Stack direction="row" spacing={1} sx={{ position: 'sticky', bottom: 0, py: 1.5, bgcolor: 'background.default', borderTop: 1, borderColor: 'divider', zIndex: 2 }}>
          <Button type="submit" variant="contained" disabled={!canEdit || create.isPending || save.isPending || (base !== null && !isDirty)}>
            {create.isPending || save.isPending ? texts.common.saving : base ? texts.common.save : texts.common.create}
          </Button>
          <Button component={Link} to={from ?? (base ? paths.stage(base.row.stage_id) : paths.stages)}>{texts.common.cancel}</Button>
        </Stack>
      </Stack>
      {theirs && base && (
        <StageConflict
          theirs={formOf(theirs.row)}
          mine={form}
          onKeepMine={() => {
            // Mine over theirs: what I did not touch is as they left it.
            setForm({ ...formOf(theirs.row), ...pick(form, touched(form, before)) });
            setBase(theirs);
            setEdition((last) => last + 1);
            setTheirs(null);
            save.reset();
          }}
          onTakeTheirs={() => {
            setForm(formOf(theirs.row));
            setBase(theirs);
            setEdition((last) => last + 1);
            setTheirs(null);
            save.reset();
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

function touched(form: StageForm, before: StageForm): (keyof StageForm)[] {
  return (Object.keys(form) as (keyof StageForm)[]).filter((name) => JSON.stringify(form[name]) !== JSON.stringify(before[name]));
}

function pick(form: StageForm, names: readonly (keyof StageForm)[]): Partial<StageForm> {
  return Object.fromEntries(names.map((name) => [name, form[name]]));
}

function StageConflict({
  theirs, mine, onKeepMine, onTakeTheirs,
}: { theirs: StageForm; mine: StageForm; onKeepMine: () => void; onTakeTheirs: () => void }) {
  return (
    <Dialog open aria-labelledby="stage-conflict" maxWidth="md" fullWidth onClose={onKeepMine}>
      <DialogTitle id="stage-conflict">{texts.stages.conflictTitle}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{texts.stages.conflictBody}</Typography>
        {touched(mine, theirs).map((name) => (
          <Box key={name} sx={{ display: 'grid', gap: 1, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}>
            <Typography variant="h3" sx={{ gridColumn: '1 / -1' }}>{name.replaceAll('_', ' ')}</Typography>
            <div>
              <Typography variant="overline" component="p">{texts.stages.conflictTheirs}</Typography>
              <CodeText label={`${name}: ${texts.stages.conflictTheirs}`} text={asJson(theirs[name])} maxHeight={160} />
            </div>
            <div>
              <Typography variant="overline" component="p">{texts.stages.conflictMine}</Typography>
              <CodeText label={`${name}: ${texts.stages.conflictMine}`} text={asJson(mine[name])} maxHeight={160} />
            </div>
          </Box>
        ))}
      </DialogContent>
      <DialogActions>
        <Button onClick={onTakeTheirs}>{texts.stages.conflictTakeTheirs}</Button>
        <Button variant="contained" onClick={onKeepMine} autoFocus>{texts.stages.conflictKeepMine}</Button>
      </DialogActions>
    </Dialog>
  );
}
