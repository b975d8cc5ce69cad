import { Alert, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { SelectField } from '@/components/SelectField';
import { texts } from '@/config/texts';
import { insightsTexts } from '@/config/texts/insights';
import { formatDollars, formatNumber } from '@/lib/intl';
import type { components } from '@/lib/schema.gen';
import { type CostGroup, costQuery, summaryQuery } from '../api/analytics';
import { FigureCard, FigureGrid } from '../components/FigureCard';
import { Figures, InsightsPage, PeriodLine } from '../components/InsightsPage';
import { BarList } from '../components/charts/BarList';
import { ChartCard } from '../components/charts/ChartCard';
import { TimeCard, seriesOfGroups } from '../components/overTime';
import { type AnalyticsFilters, useAnalyticsFilters } from '../components/useAnalyticsFilters';

type Cost = components['schemas']['analytics_cost'];
type Row = Cost['rows'][number];

export default function CostPage() {
  const { address } = useAnalyticsFilters();
  const group = groupOf(address.get('group'));
  return (
    <InsightsPage
      page="cost"
      title={insightsTexts.costTitle}
      description={insightsTexts.costDescription}
      report="cost"
      csvQuery={{ group_by: group }}
    >
      {(filters) => <CostFigures group={group} filters={filters} />}
    </InsightsPage>
  );
}

function groupOf(text: string): CostGroup {
  return text in insightsTexts.costGroups ? (text as CostGroup) : 'step';
}

function CostFigures({ group, filters }: { group: CostGroup; filters: AnalyticsFilters }) {
  const summary = useQuery(summaryQuery(filters.queryOverTime));
  const cost = useQuery(costQuery({ ...filters.query, group_by: group }));
  const overTime = useQuery(costQuery({ ...filters.queryOverTime, group_by: group }));
  const totals = summary.data?.totals;
  return (
    <Figures query={cost} filters={filters} isEmpty={(data) => data.totals.calls === 0}>
      {(data) => (
        <Stack spacing={2.5}>
          {summary.data && <PeriodLine filters={filters} previous={summary.data.previous} />}
          {data.totals.unpriced_calls > 0 && (
            <Alert severity="warning">{insightsTexts.unpricedNotice({ n: data.totals.unpriced_calls })}</Alert>
          )}
          {totals && (
            <FigureGrid>
              {(
                [
                  'cost_usd',
                  'cost_per_conversation_usd',
                  'cost_per_resolved_usd',
                  'prompt_tokens',
                  'completion_tokens',
                ] as const
              ).map((figure) => (
                <FigureCard key={figure} figure={figure} {...totals[figure]} />
              ))}
            </FigureGrid>
          )}
          <SelectField
            label={insightsTexts.groupBy}
            value={group}
            fullWidth={false}
            onChange={(event) => filters.address.set({ group: event.target.value })}
            sx={{ width: { xs: '100%', sm: 180 } }}
          >
            {Object.entries(insightsTexts.costGroups).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
          {summary.data && overTime.data && (
            <CostOverTime
              rows={overTime.data.rows}
              starts={summary.data.rows.map((row) => row.start)}
              group={group}
              filters={filters}
            />
          )}
          <CostByGroup rows={data.rows} group={group} />
        </Stack>
      )}
    </Figures>
  );
}

interface OverTimeProps {
  rows: readonly Row[];
  starts: readonly string[];
  group: CostGroup;
  filters: AnalyticsFilters;
}

/** The cost of each group over time. */
function CostOverTime({ rows, starts, group, filters }: OverTimeProps) {
  return (
    <TimeCard
      title={insightsTexts.costOverTime}
      definition={insightsTexts.definitions['cost_usd'] ?? ''}
      filters={filters}
      starts={starts}
      kind="bars"
      series={seriesOfGroups(
        rows,
        starts,
        (row) => nameOf(row, group),
        (row) => row.cost_usd,
      )}
      format={formatDollars}
    />
  );
}

function CostByGroup({ rows, group }: { rows: readonly Row[]; group: CostGroup }) {
  const sorted = rows.toSorted((a, b) => b.cost_usd - a.cost_usd || b.calls - a.calls);
  return (
    <ChartCard
      title={insightsTexts.costBy}
      table={{
        columns: [
          insightsTexts.costGroups[group] ?? group,
          insightsTexts.figures['cost_usd'] ?? '',
          insightsTexts.calls,
          insightsTexts.failedCalls,
          insightsTexts.figures['unpriced_calls'] ?? '',
          insightsTexts.figures['prompt_tokens'] ?? '',
          insightsTexts.figures['completion_tokens'] ?? '',
        ],
        rows: sorted.map((row) => ({
          key: nameOf(row, group),
          cells: [
            <bdi key="name">{nameOf(row, group)}</bdi>,
            formatDollars(row.cost_usd),
            ...[row.calls, row.failed, row.unpriced_calls, row.prompt_tokens, row.completion_tokens].map(formatNumber),
          ],
        })),
      }}
    >
      <BarList
        label={insightsTexts.costBy}
        rows={sorted.map((row) => ({
          key: nameOf(row, group),
          name: <bdi>{nameOf(row, group)}</bdi>,
          value: row.cost_usd,
          text: formatDollars(row.cost_usd),
          detail: texts.llmCalls.calls({ n: row.calls }),
        }))}
      />
    </ChartCard>
  );
}

function nameOf(row: Row, group: CostGroup): string {
  if (group === 'step') return texts.turn.steps[row.step ?? ''] ?? row.step ?? insightsTexts.other;
  if (group === 'model') return row.model ?? insightsTexts.other;
  if (group === 'channel') return insightsTexts.channels[row.channel ?? ''] ?? row.channel ?? insightsTexts.other;
  if (!row.template_id) return insightsTexts.unknownTemplate;
  const name = row.template_name ?? texts.common.unknown;
  return row.template_version === null
    ? name
    : insightsTexts.templateWithVersion({ name, version: row.template_version });
}
