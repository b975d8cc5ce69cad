import {
  Button,
  Chip,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  MenuItem,
  Stack,
  TextField,
  Typography,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { Time } from '@/components/Time';
import { AddIcon } from '@/components/icons';
import { Empty, ErrorNotice, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useNames } from '@/lib/known';
import { stagesQuery, templatesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { Template } from '@/lib/types';
import { normalise } from '@/lib/braces';
import { defaultTemplatesQuery, useCreateTemplate } from '../api/templates';

const TYPES = ['stage_selection', 'data_extraction', 'response_generation', 'conversation_summary'] as const;

export default function TemplatesPage() {
  const templates = useQuery(templatesQuery());
  const defaults = useQuery(defaultTemplatesQuery());
  const stages = useQuery(stagesQuery());
  const { known } = useNames();
  const { canEdit } = useSession();
  const [creating, setCreating] = useState(false);
  const [type, setType] = useState('');
  const [wanted, setWanted] = useState('');
  const usedBy = useMemo(() => {
    const uses = new Map<string, string[]>();
    for (const stage of stages.data ?? []) {
      for (const id of [
        stage.stage_selection_template_id,
        stage.data_extraction_template_id,
        stage.response_generation_template_id,
      ]) {
        uses.set(id, [...(uses.get(id) ?? []), stage.stage_name]);
      }
    }
    return uses;
  }, [stages.data]);
  const rowOf = (each: Template) => {
    const uses = [...new Set(usedBy.get(each.template_id) ?? [])];
    const unknown = each.unknown_variables.filter((name) => !known.fields.has(normalise(name).split('.')[0] ?? ''));
    return {
      key: each.template_id,
      to: paths.template(each.template_id),
      title: each.template_name,
      detail:
        each.business_id === null ? null : `${texts.templates.ofStages}: ${uses.join(', ') || texts.templates.unused}`,
      meta: (
        <>
          {stages.data && unknown.length > 0 && (
            <Chip
              size="small"
              color="warning"
              variant="outlined"
              label={texts.templates.unknownCount(unknown.length)}
              title={unknown.join(', ')}
            />
          )}
          <Chip
            size="small"
            variant="outlined"
            label={texts.templates.types[each.template_type] ?? each.template_type}
          />
          <Typography variant="caption" color="textSecondary">
            <Time iso={each.updated_at} />
          </Typography>
        </>
      ),
    };
  };
  return (
    <Page
      title={texts.templates.title}
      description={texts.templates.description}
      actions={
        canEdit && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setCreating(true)}>
            {texts.templates.new}
          </Button>
        )
      }
    >
      <QueryView query={templates}>
        {(rows) => {
          if (!rows.length) return <Empty title={texts.templates.empty} hint={texts.templates.emptyHint} />;
          const text = wanted.trim().toLowerCase();
          const fit = rows.filter(
            (each) =>
              (!type || each.template_type === type) &&
              (!text || `${each.template_name}\n${each.content}\n${each.system_prompt}`.toLowerCase().includes(text)),
          );
          return (
            <>
              <Stack direction={{ xs: 'column', sm: 'row' }} spacing={1.5}>
                <TextField
                  label={texts.common.search}
                  type="search"
                  value={wanted}
                  onChange={(event) => setWanted(event.target.value)}
                  sx={{ maxWidth: { sm: 360 } }}
                />
                <TextField
                  select
                  label={texts.templates.type}
                  value={type}
                  onChange={(event) => setType(event.target.value)}
                  sx={{ maxWidth: { sm: 240 } }}
                >
                  <MenuItem value="">{texts.common.all}</MenuItem>
                  {TYPES.map((each) => (
                    <MenuItem key={each} value={each}>
                      {texts.templates.types[each]}
                    </MenuItem>
                  ))}
                </TextField>
              </Stack>
              {fit.length ? (
                <RowList label={texts.templates.title} rows={fit.map(rowOf)} />
              ) : (
                <Empty title={texts.templates.emptyFiltered} />
              )}
            </>
          );
        }}
      </QueryView>
      {defaults.data && defaults.data.length > 0 && (
        <Stack component="section" spacing={1} aria-label={texts.templates.defaults}>
          <Typography variant="h2">{texts.templates.defaults}</Typography>
          <Typography variant="body2" color="textSecondary">
            {texts.templates.defaultsHint}
          </Typography>
          <RowList label={texts.templates.defaults} rows={defaults.data.map(rowOf)} />
        </Stack>
      )}
      <NewTemplate open={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}

function NewTemplate({ open, onClose }: { open: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const create = useCreateTemplate();
  const [name, setName] = useState('');
  const [type, setType] = useState<(typeof TYPES)[number]>('response_generation');
  const [checked, setChecked] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!name.trim()) return;
    create.mutate(
      { template_name: name.trim(), template_type: type },
      { onSuccess: (id) => void navigate(paths.template(id)) },
    );
  };
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby="new-template" fullWidth maxWidth="xs">
      <form onSubmit={submit} noValidate>
        <DialogTitle id="new-template">{texts.templates.create}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <span />
          <TextField
            autoFocus
            label={texts.common.name}
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={checked && !name.trim()}
            helperText={checked && !name.trim() ? texts.templates.nameNeeded : null}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
          <TextField
            select
            label={texts.templates.type}
            value={type}
            onChange={(event) => setType(event.target.value as typeof type)}
          >
            {TYPES.map((each) => (
              <MenuItem key={each} value={each}>
                {texts.templates.types[each]}
              </MenuItem>
            ))}
          </TextField>
          {create.error && <ErrorNotice error={create.error} />}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
          <Button type="submit" variant="contained" disabled={create.isPending}>
            {texts.common.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
