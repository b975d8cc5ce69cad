import { Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ToggleButtons } from '@/components/ToggleButtons';
import { texts } from '@/config/texts';
import { insightsTexts } from '@/config/texts/insights';
import { formatDuration, formatNumber } from '@/lib/intl';
import type { components } from '@/lib/schema.gen';
import { latencyQuery, summaryQuery } from '../api/analytics';
import { Figures, InsightsPage, PeriodLine } from '../components/InsightsPage';
import { BarList } from '../components/charts/BarList';
import { ChartCard } from '../components/charts/ChartCard';
import { COLOURS } from '../components/charts/colours';
import { TimeCard, valuesByGroup } from '../components/overTime';
import type { AnalyticsFilters } from '../components/useAnalyticsFilters';

type Row = components['schemas']['analytics_latency']['rows'][number];
/** The measures of whole turns. Those of models are per step. */
const MEASURES = ['answer', 'first_token', 'queueing'] as const;
type Measure = (typeof MEASURES)[number];

export default function LatencyPage() {
  return (
    <InsightsPage
      page="latency"
      title={insightsTexts.latencyTitle}
      description={insightsTexts.latencyDescription}
      report="latency"
    >
      {(filters) => <LatencyFigures filters={filters} />}
    </InsightsPage>
  );
}

function LatencyFigures({ filters }: { filters: AnalyticsFilters }) {
  const latency = useQuery(latencyQuery(filters.query));
  const overTime = useQuery(latencyQuery(filters.queryOverTime));
  const summary = useQuery(summaryQuery(filters.queryOverTime)); // names all hours, days, weeks or months
  const chosen = filters.address.get('measure');
  const measure = MEASURES.find((each) => each === chosen) ?? 'answer';
  return (
    <Figures query={latency} filters={filters} isEmpty={(data) => data.rows.every((row) => row.count === 0)}>
      {(data) => (
        <Stack spacing={2.5}>
          <PeriodLine filters={filters} />
          <ToggleButtons<Measure>
            label={insightsTexts.measure}
            options={MEASURES.map((value) => ({ value, label: insightsTexts.measures[value] ?? value }))}
            selected={[measure]}
            onToggle={(value) => filters.address.set({ measure: value })}
          />
          {overTime.data && summary.data && (
            <LatencyOverTime
              rows={overTime.data.rows.filter((row) => row.measure === measure)}
              starts={summary.data.rows.map((row) => row.start)}
              measure={measure}
              filters={filters}
            />
          )}
          <LatencyTable rows={data.rows.filter((row) => row.count > 0)} />
        </Stack>
      )}
    </Figures>
  );
}

interface OverTimeProps {
  rows: readonly Row[];
  starts: readonly string[];
  measure: Measure;
  filters: AnalyticsFilters;
}

function LatencyOverTime({ rows, starts, measure, filters }: OverTimeProps) {
  const valuesOf = (name: 'p50_ms' | 'p95_ms') =>
    valuesByGroup(
      rows,
      starts,
      () => name,
      (row) => row[name],
    ).get(name) ?? [];
  return (
    <TimeCard
      title={insightsTexts.latencyOverTime({ measure: insightsTexts.measures[measure] ?? measure })}
      definition={insightsTexts.measureDefinitions[measure] ?? ''}
      filters={filters}
      starts={starts}
      kind="lines"
      series={[
        { name: insightsTexts.p95, colour: COLOURS.light, values: valuesOf('p95_ms') },
        { name: insightsTexts.median, colour: COLOURS.accent, values: valuesOf('p50_ms') },
      ]}
      format={formatDuration}
      drillDown={{ figure: 'completed' }}
    />
  );
}

/** The durations of the whole period: of turns, and of the calls of each step. */
function LatencyTable({ rows }: { rows: readonly Row[] }) {
  const text = (value: number | null) => (value === null ? '–' : formatDuration(value));
  return (
    <ChartCard
      title={insightsTexts.latencyBy}
      definition={insightsTexts.latencyByDefinition}
      table={{
        columns: [insightsTexts.measure, insightsTexts.count, insightsTexts.median, insightsTexts.p95],
        rows: rows.map((row) => ({
          key: nameOf(row),
          cells: [nameOf(row), formatNumber(row.count), text(row.p50_ms), text(row.p95_ms)],
        })),
      }}
    >
      <BarList
        label={insightsTexts.latencyBy}
        rows={rows.map((row) => ({
          key: nameOf(row),
          name: nameOf(row),
          value: row.p50_ms ?? 0,
          text: text(row.p50_ms),
          detail: `${insightsTexts.p95}: ${text(row.p95_ms)}`,
        }))}
      />
    </ChartCard>
  );
}

function nameOf({ measure, step }: Row): string {
  if (measure !== 'model' || step === null) return insightsTexts.measures[measure] ?? measure;
  return insightsTexts.modelStep({ step: texts.turn.steps[step] ?? step });
}
