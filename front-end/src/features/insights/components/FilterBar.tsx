import { Box, Button, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FilterSelect } from '@/components/FilterSelect';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { insightsTexts } from '@/config/texts/insights';
import { COMMON_LANGUAGES, languageLabel } from '@/lib/languages';
import { agentsQuery, stagesQuery, templatesQuery } from '@/lib/queries';
import { releaseOptionsQuery } from '../api/analytics';
import { SavedViews } from './SavedViews';
import { DEFAULT_PERIOD } from './period';
import type { AnalyticsFilters, FilterName } from './useAnalyticsFilters';

interface Props {
  page: string;
  filters: AnalyticsFilters;
  /** The filters that the page has. */
  names: readonly FilterName[];
  /** Whether the page divides the period into hours, days, weeks or months. */
  hasBy: boolean;
}

/** The period, the filters and the saved views of a page with figures. */
export function FilterBar({ page, filters, names, hasBy }: Props) {
  const { address, period, isCustom, by, bys, today } = filters;
  const set = names.filter((name) => filters.filters[name] !== undefined);
  const [isOpen, setOpen] = useState(set.length > 0);
  const date = (name: 'from' | 'to', label: string) => (
    <TextField
      type="date"
      label={label}
      value={period[name]}
      onChange={(event) => event.target.value && address.set({ ...period, [name]: event.target.value })}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { max: today } }}
      sx={{ width: { xs: 'calc(50% - 6px)', sm: 160 } }}
    />
  );
  return (
    <Stack spacing={1.5}>
      <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
        <SelectField
          label={insightsTexts.period}
          value={isCustom ? 'custom' : address.get('period') || DEFAULT_PERIOD}
          fullWidth={false}
          onChange={({ target: { value } }) =>
            address.set(value === 'custom' ? { ...period, period: '' } : { period: value, from: '', to: '' })
          }
          sx={{ width: { xs: hasBy ? 'calc(58% - 6px)' : '100%', sm: 180 } }}
        >
          {Object.entries(insightsTexts.periods).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </SelectField>
        {hasBy && (
          <SelectField
            label={insightsTexts.by}
            value={by}
            fullWidth={false}
            onChange={(event) => address.set({ by: event.target.value })}
            sx={{ width: { xs: 'calc(42% - 6px)', sm: 130 } }}
          >
            {bys.map((each) => (
              <option key={each} value={each}>
                {insightsTexts.bys[each]}
              </option>
            ))}
          </SelectField>
        )}
        {isCustom && date('from', insightsTexts.from)}
        {isCustom && date('to', insightsTexts.to)}
        {names.length > 0 && (
          <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {set.length ? insightsTexts.filtersSet({ n: set.length }) : insightsTexts.filters}
          </Button>
        )}
        <SavedViews page={page} />
      </Stack>
      {isOpen && <FilterFields filters={filters} names={names} />}
    </Stack>
  );
}

function FilterFields({ filters, names }: Pick<Props, 'filters' | 'names'>) {
  const { address } = filters;
  const has = (name: FilterName) => names.includes(name);
  const stages = useQuery({ ...stagesQuery(), enabled: has('stage_id') });
  const agents = useQuery({ ...agentsQuery(), enabled: has('agent_id') });
  const templates = useQuery({ ...templatesQuery(), enabled: has('template_id') });
  const releases = useQuery({ ...releaseOptionsQuery(), enabled: has('release_id') });
  const template = templates.data?.find((each) => each.template_id === filters.filters.template_id);
  const select = (name: FilterName, label: string, options: Record<string, string>) =>
    has(name) && (
      <FilterSelect
        label={label}
        value={address.get(name)}
        options={withChosen(options, address.get(name))}
        onChange={(value) =>
          address.set({ [name]: value, ...(name === 'template_id' ? { template_version: '' } : {}) })
        }
      />
    );
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 1.5,
        gridTemplateColumns: {
          xs: 'repeat(2, minmax(0, 1fr))',
          md: 'repeat(3, minmax(0, 1fr))',
          lg: 'repeat(6, minmax(0, 1fr))',
        },
        alignItems: 'center',
      }}
    >
      {select('channel', insightsTexts.channel, insightsTexts.channels)}
      {select(
        'stage_id',
        insightsTexts.stage,
        Object.fromEntries(stages.data?.map((each) => [each.stage_id, each.stage_name]) ?? []),
      )}
      {select(
        'agent_id',
        insightsTexts.agent,
        Object.fromEntries(agents.data?.map((each) => [each.agent_id, each.agent_name]) ?? []),
      )}
      {select(
        'template_id',
        insightsTexts.template,
        Object.fromEntries(templates.data?.map((each) => [each.template_id, each.template_name]) ?? []),
      )}
      {template &&
        select(
          'template_version',
          insightsTexts.templateVersion,
          Object.fromEntries(
            Array.from({ length: template.version }, (_, index) => [
              String(index + 1),
              texts.common.version({ n: index + 1 }),
            ]),
          ),
        )}
      {select(
        'language',
        insightsTexts.language,
        Object.fromEntries(COMMON_LANGUAGES.map((tag) => [tag, languageLabel(tag)])),
      )}
      {select(
        'release_id',
        insightsTexts.releaseFilter,
        Object.fromEntries(
          releases.data?.map((each) => [each.release_id, insightsTexts.release({ n: each.number })]) ?? [],
        ),
      )}
      {filters.count > 0 && (
        <Button onClick={filters.clear} sx={{ justifySelf: 'start' }}>
          {insightsTexts.clearFilters}
        </Button>
      )}
    </Box>
  );
}

/** The options, with the chosen value if it is none of them, such as a stage that was deleted. */
function withChosen(options: Record<string, string>, chosen: string): Record<string, string> {
  return chosen && !(chosen in options) ? { ...options, [chosen]: texts.common.unknown } : options;
}
