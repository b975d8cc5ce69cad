import { Link, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { texts } from '@/config/texts';
import { insightsTexts } from '@/config/texts/insights';
import { humanize } from '@/lib/format';
import { formatNumber, formatSpan } from '@/lib/intl';
import type { components } from '@/lib/schema.gen';
import { handoversQuery, summaryQuery } from '../api/analytics';
import { FigureGrid, ValueCard } from '../components/FigureCard';
import { Figures, InsightsPage, PeriodLine } from '../components/InsightsPage';
import { BarList } from '../components/charts/BarList';
import { ChartCard } from '../components/charts/ChartCard';
import { TimeCard, seriesOfGroups } from '../components/overTime';
import type { AnalyticsFilters } from '../components/useAnalyticsFilters';

type Row = components['schemas']['analytics_handovers']['rows'][number];

export default function HandoversPage() {
  return (
    <InsightsPage
      page="handovers"
      title={insightsTexts.handoversTitle}
      description={insightsTexts.handoversDescription}
      report="handovers"
      names={['channel', 'language']}
    >
      {(filters) => <HandoverFigures filters={filters} />}
    </InsightsPage>
  );
}

function HandoverFigures({ filters }: { filters: AnalyticsFilters }) {
  const { channel, language } = filters.filters;
  const query = { ...filters.period, channel, language };
  const handovers = useQuery(handoversQuery(query));
  const overTime = useQuery(handoversQuery({ ...query, by: filters.by }));
  const summary = useQuery(summaryQuery({ ...query, by: filters.by })); // names all hours, days, weeks or months
  return (
    <Figures query={handovers} filters={filters} isEmpty={({ totals }) => totals.handovers === 0}>
      {({ totals, rows }) => (
        <Stack spacing={2.5}>
          <PeriodLine filters={filters} />
          <FigureGrid>
            <ValueCard
              name={insightsTexts.handovers}
              definition={insightsTexts.handoversDefinition}
              text={formatNumber(totals.handovers)}
            />
            <ValueCard
              name={insightsTexts.waitingMedian}
              definition={insightsTexts.waitingDefinition}
              text={spanOf(totals.waiting_p50_seconds)}
            />
            <ValueCard
              name={insightsTexts.waitingP95}
              definition={insightsTexts.waitingDefinition}
              text={spanOf(totals.waiting_p95_seconds)}
            />
          </FigureGrid>
          {overTime.data && summary.data && (
            <HandoversOverTime
              rows={overTime.data.rows}
              starts={summary.data.rows.map((row) => row.start)}
              filters={filters}
            />
          )}
          <HandoverTable rows={rows} filters={filters} />
        </Stack>
      )}
    </Figures>
  );
}

interface OverTimeProps {
  rows: readonly Row[];
  starts: readonly string[];
  filters: AnalyticsFilters;
}

function HandoversOverTime({ rows, starts, filters }: OverTimeProps) {
  return (
    <TimeCard
      title={insightsTexts.handoversOverTime}
      definition={insightsTexts.handoversDefinition}
      filters={filters}
      starts={starts}
      kind="bars"
      series={seriesOfGroups(rows, starts, reasonOf, (row) => row.handovers)}
      format={formatNumber}
      drillDown={{ figure: 'handovers' }}
    />
  );
}

function HandoverTable({ rows, filters }: { rows: readonly Row[]; filters: AnalyticsFilters }) {
  const sorted = rows.toSorted((a, b) => b.handovers - a.handovers);
  return (
    <ChartCard
      title={insightsTexts.handoversBy}
      table={{
        columns: [
          insightsTexts.reason,
          insightsTexts.person,
          insightsTexts.handovers,
          insightsTexts.waitingMedian,
          insightsTexts.waitingP95,
        ],
        textColumns: [1],
        rows: sorted.map((row) => ({
          key: `${row.reason} ${row.person_id ?? ''}`,
          cells: [
            reasonOf(row),
            personOf(row),
            formatNumber(row.handovers),
            spanOf(row.waiting_p50_seconds),
            spanOf(row.waiting_p95_seconds),
          ],
        })),
      }}
    >
      <BarList
        label={insightsTexts.handoversBy}
        rows={sorted.map((row) => ({
          key: `${row.reason} ${row.person_id ?? ''}`,
          name: (
            <Link
              component={RouterLink}
              to={filters.drillDown({
                figure: 'handovers',
                reason: row.reason,
                ...(row.person_id ? { person_id: row.person_id } : {}),
              })}
            >
              {reasonOf(row)} · {personOf(row)}
            </Link>
          ),
          value: row.handovers,
          text: formatNumber(row.handovers),
          detail:
            row.waiting_p50_seconds !== null && `${insightsTexts.waitingMedian}: ${spanOf(row.waiting_p50_seconds)}`,
        }))}
      />
    </ChartCard>
  );
}

function reasonOf({ reason }: Row): string {
  return insightsTexts.reasons[reason] ?? humanize(reason);
}

function personOf({ person_id: id, person_name: name }: Row) {
  if (!id) return insightsTexts.nobody;
  return name ? <bdi>{name}</bdi> : texts.common.unknown;
}

function spanOf(seconds: number | null): string {
  return seconds === null ? '–' : formatSpan(seconds);
}
