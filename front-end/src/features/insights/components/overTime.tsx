/** Charts and tables over time. */

import { Link } from '@mui/material';
import { Link as RouterLink, useNavigate } from 'react-router';
import { insightsTexts } from '@/config/texts/insights';
import type { DrillDown } from '../api/analytics';
import { ChartCard } from './charts/ChartCard';
import { MAX_SERIES, shadeOf } from './charts/colours';
import { SeriesChart } from './charts/SeriesChart';
import type { Point, Series } from './charts/series';
import { type Period, addDays, dateIn, formatsOf } from './period';
import type { AnalyticsFilters } from './useAnalyticsFilters';

interface Props {
  title: string;
  definition?: string;
  filters: AnalyticsFilters;
  /** When each hour, day, week or month starts. */
  starts: readonly string[];
  series: readonly Series[];
  previous?: Series | undefined;
  kind: 'bars' | 'lines';
  format: (value: number) => string;
  formatTick?: (value: number) => string;
  /** What the conversations behind an hour, day, week or month are. Without it, they cannot be opened. */
  drillDown?: DrillDown | undefined;
  isEmpty?: boolean;
}

/** A chart over time in a card, with its table. */
export function TimeCard({ title, definition, filters, starts, series, previous, drillDown, format, ...chart }: Props) {
  const navigate = useNavigate();
  const points = pointsOf(starts, filters);
  const all = previous ? [...series, previous] : series;
  const addressOf = (index: number) =>
    drillDown && filters.drillDown({ ...drillDown, ...daysOf(starts, index, filters) });
  const text = (value: number | null | undefined) => (typeof value === 'number' ? format(value) : '–');
  return (
    <ChartCard
      title={title}
      {...(definition ? { definition } : {})}
      isEmpty={chart.isEmpty ?? series.every((each) => each.values.every((value) => !value))}
      table={{
        columns: [insightsTexts.time, ...all.map((each) => each.name)],
        rows: points.map((point, index) => {
          const to = addressOf(index);
          return {
            key: starts[index] ?? String(index),
            cells: [
              to ? (
                <Link component={RouterLink} to={to}>
                  {point.title}
                </Link>
              ) : (
                point.title
              ),
              ...all.map((each) => text(each.values[index])),
            ],
          };
        }),
      }}
    >
      <SeriesChart
        label={title}
        points={points}
        series={series}
        previous={previous}
        kind={chart.kind}
        format={format}
        {...(chart.formatTick ? { formatTick: chart.formatTick } : {})}
        onOpen={
          drillDown &&
          ((index) => {
            const to = addressOf(index);
            if (to) void navigate(to);
          })
        }
      />
    </ChartCard>
  );
}

/** The hours, days, weeks or months of a chart with their names. */
function pointsOf(starts: readonly string[], { by, timeZone }: AnalyticsFilters): Point[] {
  const { label, title } = formatsOf(by, timeZone);
  return starts.map((start) => ({
    label: label(start),
    title: by === 'week' ? insightsTexts.weekOf({ day: title(start) }) : title(start),
  }));
}

/** The days of the `index`-th hour, day, week or month. */
export function daysOf(
  starts: readonly string[],
  index: number,
  { by, timeZone, period }: Pick<AnalyticsFilters, 'by' | 'timeZone' | 'period'>,
): Period {
  const dateOf = (start: string) => dateIn(timeZone, new Date(start));
  const from = dateOf(starts[index] ?? period.from);
  const next = starts[index + 1];
  if (by === 'hour') return { from, to: from };
  return { from, to: next === undefined ? period.to : addDays(dateOf(next), -1) };
}

/** The values of groups at each start, from rows of one start and one group. */
export function valuesByGroup<Row extends { start?: string | undefined }>(
  rows: readonly Row[],
  starts: readonly string[],
  groupOf: (row: Row) => string,
  valueOf: (row: Row) => number | null,
): Map<string, (number | null)[]> {
  const places = new Map(starts.map((start, index) => [Date.parse(start), index]));
  const groups = new Map<string, (number | null)[]>();
  for (const row of rows) {
    const place = places.get(Date.parse(row.start ?? ''));
    if (place === undefined) continue;
    const group = groupOf(row);
    const values = groups.get(group) ?? starts.map(() => null);
    const value = valueOf(row);
    if (value !== null) values[place] = (values[place] ?? 0) + value;
    groups.set(group, values);
  }
  return groups;
}

/** The series of groups, the largest first. Beyond `MAX_SERIES`, the smallest are added up. */
export function seriesOfGroups<Row extends { start?: string | undefined }>(
  rows: readonly Row[],
  starts: readonly string[],
  groupOf: (row: Row) => string,
  valueOf: (row: Row) => number,
): Series[] {
  const groups = [...valuesByGroup(rows, starts, groupOf, valueOf)].toSorted(([, a], [, b]) => sumOf(b) - sumOf(a));
  const shown = groups.length > MAX_SERIES ? groups.slice(0, MAX_SERIES - 1) : groups;
  const others = groups.slice(shown.length).map(([, values]) => values);
  const series = shown.map(([name, values], index) => ({ name, colour: shadeOf(index), values }));
  if (!others.length) return series;
  const rest = starts.map((_, index) => sumOf(others.map((values) => values[index] ?? null)));
  return [...series, { name: insightsTexts.other, colour: shadeOf(MAX_SERIES - 1), values: rest }];
}

function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
