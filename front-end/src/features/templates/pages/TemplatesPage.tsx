import { Button, Chip, MenuItem, Stack, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { Time } from '@/components/Time';
import { AddIcon } from '@/components/icons';
import { Empty, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { usePlaceholderNames } from '@/lib/placeholderNames';
import { stagesQuery, templatesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { Template } from '@/lib/types';
import { normalise } from '@/lib/placeholders';
import { TEMPLATE_TYPES, defaultTemplatesQuery } from '../api/templates';
import { NewTemplateDialog } from '../components/NewTemplateDialog';

export default function TemplatesPage() {
  const templates = useQuery(templatesQuery());
  const defaults = useQuery(defaultTemplatesQuery());
  const stages = useQuery(stagesQuery());
  const { known } = usePlaceholderNames();
  const { canEdit } = useSession();
  const [creating, setCreating] = useState(false);
  const [type, setType] = useState('');
  const [search, setSearch] = useState('');
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
        each.business_id === null ? null : `${texts.templates.usedBy}: ${uses.join(', ') || texts.templates.unused}`,
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
          const text = search.trim().toLowerCase();
          const matches = rows.filter(
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
                  value={search}
                  onChange={(event) => setSearch(event.target.value)}
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
                  {TEMPLATE_TYPES.map((each) => (
                    <MenuItem key={each} value={each}>
                      {texts.templates.types[each]}
                    </MenuItem>
                  ))}
                </TextField>
              </Stack>
              {matches.length ? (
                <RowList label={texts.templates.title} rows={matches.map(rowOf)} />
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
      <NewTemplateDialog open={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}
