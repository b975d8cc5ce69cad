import { Button, Chip, Link, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router';
import { TextField } from '@/components/TextField';
import { FilterSelect } from '@/components/FilterSelect';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { Time } from '@/components/Time';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { formatList } from '@/lib/intl';
import { usePlaceholderNames } from '@/lib/placeholderNames';
import { stagesQuery, templatesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { Stage, Template } from '@/lib/types';
import { normalise } from '@/lib/placeholders';
import { TEMPLATE_TYPES, defaultTemplatesQuery } from '../api/templates';
import { stageNamesUsing, templateIdsOf } from '../components/templateUses';

const NewTemplateDialog = loadWhenOpened(
  async () => (await import('../components/NewTemplateDialog')).NewTemplateDialog,
);

export default function TemplatesPage() {
  const templates = useQuery(templatesQuery());
  const defaults = useQuery(defaultTemplatesQuery());
  const stages = useQuery(stagesQuery());
  const { known } = usePlaceholderNames();
  const { canEdit } = useSession();
  const [creating, setCreating] = useState(false);
  const [type, setType] = useState('');
  const [search, setSearch] = useState('');
  const usedBy = (each: Template) => stageNamesUsing(stages.data ?? [], each.template_id);
  const isShared = (each: Template) => usedBy(each).length > 1;
  const rowOf = (each: Template) => {
    const unknown = each.unknown_variables.filter((name) => !known.fields.has(normalise(name).split('.')[0] ?? ''));
    return {
      key: each.template_id,
      to: paths.template(each.template_id),
      title: each.template_name,
      detail: isShared(each) ? texts.templates.sharedBy({ names: formatList(usedBy(each)) }) : null,
      meta: (
        <>
          {stages.data && unknown.length > 0 && (
            <Chip
              size="small"
              color="warning"
              variant="outlined"
              label={texts.templates.unknownCount({ n: unknown.length })}
              title={formatList(unknown)}
            />
          )}
          {isShared(each) && <Chip size="small" color="info" variant="outlined" label={texts.templates.shared} />}
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
                <FilterSelect
                  label={texts.templates.type}
                  value={type}
                  options={Object.fromEntries(
                    TEMPLATE_TYPES.map((each) => [each, texts.templates.types[each] ?? each]),
                  )}
                  onChange={setType}
                  sx={{ maxWidth: { sm: 240 } }}
                />
              </Stack>
              {matches.length ? (
                groupsOf(matches, stages.data ?? []).map((group) => (
                  <Stack key={group.key} component="section" spacing={1} aria-label={group.title}>
                    <Typography variant="h2">
                      {group.to ? (
                        <Link component={RouterLink} to={group.to} color="inherit" underline="hover">
                          {group.title}
                        </Link>
                      ) : (
                        group.title
                      )}
                    </Typography>
                    <RowList label={group.title} rows={group.templates.map(rowOf)} />
                  </Stack>
                ))
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

interface Group {
  key: string;
  title: string;
  /** The page of the stage. */
  to: string | null;
  templates: Template[];
}

/** The templates by the stage that uses them, in the order of its steps, and then those that no stage uses. */
function groupsOf(templates: readonly Template[], stages: readonly Stage[]): Group[] {
  const byId = new Map(templates.map((each) => [each.template_id, each]));
  const used = new Set(stages.flatMap(templateIdsOf));
  const groups: Group[] = stages.map((stage) => ({
    key: stage.stage_id,
    title: stage.stage_name,
    to: paths.stage(stage.stage_id),
    templates: templateIdsOf(stage).flatMap((id) => byId.get(id) ?? []),
  }));
  const others = templates.filter((each) => !used.has(each.template_id));
  return [...groups, { key: 'others', title: texts.templates.withoutStage, to: null, templates: others }].filter(
    (each) => each.templates.length > 0,
  );
}
