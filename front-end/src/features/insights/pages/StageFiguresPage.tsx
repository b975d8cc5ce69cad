import { Box, Link, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { insightsTexts } from '@/config/texts/insights';
import { firstWords, humanize } from '@/lib/format';
import { formatCompact, formatDecimals, formatNumber, formatShare } from '@/lib/intl';
import type { components } from '@/lib/schema.gen';
import { actionsQuery, fieldsQuery, stageFiguresQuery } from '../api/analytics';
import { Figures, InsightsPage, PeriodLine } from '../components/InsightsPage';
import { stageName } from '../components/names';
import { BarList } from '../components/charts/BarList';
import { ChartCard } from '../components/charts/ChartCard';
import { COLOURS } from '../components/charts/colours';
import { SeriesChart } from '../components/charts/SeriesChart';
import type { AnalyticsFilters } from '../components/useAnalyticsFilters';

type StageFigures = components['schemas']['analytics_stages'];

export default function StageFiguresPage() {
  return (
    <InsightsPage
      page="stages"
      title={insightsTexts.stagesTitle}
      description={insightsTexts.stagesDescription}
      report="stages"
      hasBy={false}
    >
      {(filters) => <StageFiguresView filters={filters} />}
    </InsightsPage>
  );
}

function StageFiguresView({ filters }: { filters: AnalyticsFilters }) {
  const stages = useQuery(stageFiguresQuery(filters.query));
  return (
    <Figures query={stages} filters={filters} isEmpty={({ totals }) => totals.turns === 0}>
      {(data) => (
        <Stack spacing={2.5}>
          <PeriodLine filters={filters} />
          <StageTable data={data} filters={filters} />
          <Box
            sx={{
              display: 'grid',
              gap: 2,
              alignItems: 'start',
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' },
            }}
          >
            <Confidence counts={data.totals.confidence} />
            <Actions filters={filters} />
          </Box>
          <Fields filters={filters} />
        </Stack>
      )}
    </Figures>
  );
}

function StageTable({ data, filters }: { data: StageFigures; filters: AnalyticsFilters }) {
  const number = (row: StageFigures['rows'][number], figure: 'turns' | 'failed' | 'held' | 'with_missing_fields') => {
    const value = row[figure];
    if (!value || !row.stage_id) return formatNumber(value);
    return (
      <Link
        component={RouterLink}
        to={filters.drillDown({ figure, stage_id: row.stage_id })}
        color="inherit"
        aria-label={`${formatNumber(value)}, ${insightsTexts.showConversations({ name: stageName(row) })}`}
      >
        {formatNumber(value)}
      </Link>
    );
  };
  return (
    <ChartCard
      title={insightsTexts.stagesTitle}
      definition={insightsTexts.missingFieldsDefinition}
      table={{
        columns: [
          insightsTexts.stage,
          insightsTexts.figures['turns'] ?? '',
          insightsTexts.figures['completed'] ?? '',
          insightsTexts.byModel,
          insightsTexts.byRules,
          insightsTexts.figures['by_fallback'] ?? '',
          insightsTexts.fallbackRate,
          insightsTexts.figures['held'] ?? '',
          insightsTexts.figures['failed'] ?? '',
          insightsTexts.missingFields,
        ],
        rows: data.rows.map((row) => ({
          key: row.stage_id ?? 'none',
          cells: [
            <bdi key="name">{stageName(row)}</bdi>,
            number(row, 'turns'),
            formatNumber(row.completed),
            formatNumber(row.by_model),
            formatNumber(row.by_rules),
            formatNumber(row.by_fallback),
            row.fallback_rate === null ? '–' : formatShare(row.fallback_rate),
            number(row, 'held'),
            number(row, 'failed'),
            number(row, 'with_missing_fields'),
          ],
        })),
      }}
    >
      <BarList
        label={insightsTexts.stagesTitle}
        rows={data.rows.map((row) => ({
          key: row.stage_id ?? 'none',
          name: row.stage_id ? (
            <Link component={RouterLink} to={filters.drillDown({ figure: 'turns', stage_id: row.stage_id })}>
              <bdi>{stageName(row)}</bdi>
            </Link>
          ) : (
            stageName(row)
          ),
          value: row.turns,
          text: texts.stageMap.messages({ n: row.turns }),
          detail: [
            row.fallback_rate !== null && `${insightsTexts.fallbackRate}: ${formatShare(row.fallback_rate)}`,
            row.with_missing_fields > 0 && `${insightsTexts.missingFields}: ${formatNumber(row.with_missing_fields)}`,
            row.failed > 0 && `${insightsTexts.figures['failed'] ?? ''}: ${formatNumber(row.failed)}`,
          ]
            .filter(Boolean)
            .join(' · '),
        }))}
      />
    </ChartCard>
  );
}

/** The messages by the confidence with which their stage was selected. */
function Confidence({ counts }: { counts: readonly number[] }) {
  const bound = (index: number) => formatDecimals(index / counts.length, 1);
  const points = counts.map((_, index) => ({
    label: bound(index),
    title: insightsTexts.confidenceRange({ from: bound(index), to: bound(index + 1) }),
  }));
  const name = insightsTexts.figures['turns'] ?? '';
  return (
    <ChartCard
      title={insightsTexts.confidence}
      definition={insightsTexts.confidenceDefinition}
      isEmpty={counts.every((count) => count === 0)}
      table={{
        columns: [insightsTexts.confidence, name],
        rows: points.map(({ title }, index) => ({ key: title, cells: [title, formatNumber(counts[index] ?? 0)] })),
      }}
    >
      <SeriesChart
        label={insightsTexts.confidence}
        points={points}
        series={[{ name, colour: COLOURS.accent, values: counts }]}
        kind="bars"
        format={formatNumber}
        formatTick={formatCompact}
      />
    </ChartCard>
  );
}

const OUTCOMES = [
  ['done', COLOURS.accent],
  ['waiting', COLOURS.warning],
  ['skipped', COLOURS.neutral],
  ['failed', COLOURS.bad],
] as const;

/** What became of the actions of stages. */
function Actions({ filters }: { filters: AnalyticsFilters }) {
  const actions = useQuery(actionsQuery(filters.query));
  const rows = actions.data?.rows ?? [];
  const names = [...new Set(rows.map((row) => row.action))];
  const countOf = (action: string, outcome: string) =>
    rows.filter((row) => row.action === action && row.outcome === outcome).reduce((sum, row) => sum + row.actions, 0);
  if (actions.error) return <ErrorNotice error={actions.error} onRetry={() => void actions.refetch()} />;
  return (
    <ChartCard
      title={insightsTexts.actions}
      definition={insightsTexts.actionsDefinition}
      isEmpty={!rows.length}
      table={{
        columns: [
          insightsTexts.action,
          ...OUTCOMES.map(([outcome]) => insightsTexts.actionOutcomes[outcome] ?? outcome),
        ],
        rows: names.map((action) => ({
          key: action,
          cells: [
            actionName(action),
            ...OUTCOMES.map(([outcome]) => {
              const count = countOf(action, outcome);
              return count ? (
                <Link
                  key={outcome}
                  component={RouterLink}
                  to={filters.drillDown({ figure: 'actions', action, outcome })}
                  color="inherit"
                >
                  {formatNumber(count)}
                </Link>
              ) : (
                formatNumber(0)
              );
            }),
          ],
        })),
      }}
    >
      <SeriesChart
        label={insightsTexts.actions}
        points={names.map((action) => ({ label: firstWords(actionName(action), 14), title: actionName(action) }))}
        series={OUTCOMES.map(([outcome, colour]) => ({
          name: insightsTexts.actionOutcomes[outcome] ?? outcome,
          colour,
          values: names.map((action) => countOf(action, outcome)),
        }))}
        kind="bars"
        format={formatNumber}
        formatTick={formatCompact}
      />
    </ChartCard>
  );
}

function actionName(action: string): string {
  return texts.turn.actions.kinds[action] ?? action;
}

/** The information that stages collect: how often it was found, corrected, rejected and missing. */
function Fields({ filters }: { filters: AnalyticsFilters }) {
  const fields = useQuery(fieldsQuery(filters.query));
  const rows = fields.data?.rows ?? [];
  const figures = ['found', 'corrected', 'rejected', 'missing'] as const;
  if (fields.error) return <ErrorNotice error={fields.error} onRetry={() => void fields.refetch()} />;
  const columns = figures.map((each) => insightsTexts[each]);
  return (
    <ChartCard
      title={insightsTexts.fields}
      definition={insightsTexts.fieldsDefinition}
      isEmpty={!rows.length}
      table={{
        columns: [insightsTexts.field, insightsTexts.stage, ...columns],
        textColumns: [1],
        rows: rows.map((row) => ({
          key: `${row.stage_id ?? ''} ${row.field}`,
          cells: [
            <bdi key="field">{humanize(row.field)}</bdi>,
            <bdi key="stage">{stageName(row)}</bdi>,
            ...figures.map((figure) =>
              row[figure] ? (
                <Link
                  key={figure}
                  component={RouterLink}
                  to={filters.drillDown({
                    figure,
                    field: row.field,
                    ...(row.stage_id ? { stage_id: row.stage_id } : {}),
                  })}
                  color="inherit"
                >
                  {formatNumber(row[figure])}
                </Link>
              ) : (
                formatNumber(row[figure])
              ),
            ),
          ],
        })),
      }}
    >
      <BarList
        label={insightsTexts.fields}
        rows={rows.map((row) => ({
          key: `${row.stage_id ?? ''} ${row.field}`,
          name: (
            <>
              <bdi>{humanize(row.field)}</bdi> · <bdi>{stageName(row)}</bdi>
            </>
          ),
          value: row.found,
          text: formatNumber(row.found),
          detail: (['corrected', 'rejected', 'missing'] as const)
            .filter((figure) => row[figure] > 0)
            .map((figure) => `${insightsTexts[figure]}: ${formatNumber(row[figure])}`)
            .join(' · '),
        }))}
      />
    </ChartCard>
  );
}
