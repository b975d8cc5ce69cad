import { Box, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { insightsTexts } from '@/config/texts/insights';
import { formatNumber } from '@/lib/intl';
import { type DrillDown, type Figure, type Summary, summaryQuery } from '../api/analytics';
import { FigureCard, FigureGrid } from '../components/FigureCard';
import { Figures, InsightsPage, PeriodLine } from '../components/InsightsPage';
import { COLOURS } from '../components/charts/colours';
import { TimeCard } from '../components/overTime';
import type { AnalyticsFilters } from '../components/useAnalyticsFilters';

type Group = keyof typeof insightsTexts.groups;

const GROUPS: Record<Group, readonly Figure[]> = {
  conversations: ['conversations', 'resolved', 'handed_over', 'abandoned', 'open', 'reopened', 'messages'],
  answers: ['turns', 'completed', 'failed', 'held', 'by_fallback'],
  satisfaction: ['satisfaction', 'rated_good', 'rated_bad', 'conversation_rating'],
  speed: ['first_token_p50_ms', 'first_token_p95_ms', 'answer_p50_ms', 'answer_p95_ms'],
  cost: [
    'cost_usd',
    'cost_per_conversation_usd',
    'cost_per_resolved_usd',
    'prompt_tokens',
    'completion_tokens',
    'unpriced_calls',
  ],
};

/** The figures of which the API lists the conversations. */
const DRILL_DOWN: Partial<Record<Figure, NonNullable<DrillDown['figure']>>> = {
  conversations: 'conversations',
  resolved: 'resolved',
  handed_over: 'handed_over',
  abandoned: 'abandoned',
  open: 'open',
  reopened: 'reopened',
  turns: 'turns',
  completed: 'completed',
  failed: 'failed',
  held: 'held',
  by_fallback: 'by_fallback',
  rated_good: 'rated_good',
  rated_bad: 'rated_bad',
};

/** The figure of which others are a part. */
const WHOLES: Partial<Record<Figure, Figure>> = {
  resolved: 'conversations',
  handed_over: 'conversations',
  abandoned: 'conversations',
  open: 'conversations',
  reopened: 'conversations',
  completed: 'turns',
  failed: 'turns',
  held: 'turns',
  by_fallback: 'completed',
};

export default function OverviewPage() {
  return (
    <InsightsPage
      page="overview"
      title={insightsTexts.overview}
      description={insightsTexts.overviewDescription}
      report="summary"
    >
      {(filters) => <Overview filters={filters} />}
    </InsightsPage>
  );
}

function Overview({ filters }: { filters: AnalyticsFilters }) {
  const summary = useQuery(summaryQuery(filters.queryOverTime));
  const before = summary.data?.previous;
  const previous = useQuery({
    ...summaryQuery({ ...filters.queryOverTime, ...before }),
    enabled: before !== undefined,
  });
  return (
    <Figures
      query={summary}
      filters={filters}
      isEmpty={({ totals }) => !totals.conversations.value && !totals.turns.value && !totals.conversations.previous}
    >
      {(data) => (
        <Stack spacing={2.5}>
          <PeriodLine filters={filters} previous={data.previous} />
          <Group name="conversations" data={data} filters={filters} />
          <Box
            sx={{
              display: 'grid',
              gap: 2,
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' },
            }}
          >
            <Outcomes data={data} previous={previous.data} filters={filters} />
            <Answers data={data} filters={filters} />
          </Box>
          {(['answers', 'satisfaction', 'speed', 'cost'] as const).map((name) => (
            <Group key={name} name={name} data={data} filters={filters} />
          ))}
        </Stack>
      )}
    </Figures>
  );
}

function Group({ name, data, filters }: { name: Group; data: Summary; filters: AnalyticsFilters }) {
  const title = insightsTexts.groups[name];
  return (
    <Box component="section" aria-label={title}>
      <Typography variant="h2" gutterBottom>
        {title}
      </Typography>
      <FigureGrid>
        {GROUPS[name].map((figure) => {
          const whole = WHOLES[figure];
          const listed = DRILL_DOWN[figure];
          return (
            <FigureCard
              key={figure}
              figure={figure}
              {...data.totals[figure]}
              {...(whole ? { whole: data.totals[whole].value ?? 0 } : {})}
              to={listed && filters.drillDown({ figure: listed })}
            />
          );
        })}
      </FigureGrid>
    </Box>
  );
}

interface ChartProps {
  data: Summary;
  previous?: Summary | undefined;
  filters: AnalyticsFilters;
}

function Outcomes({ data, previous, filters }: ChartProps) {
  const series = (
    [
      ['resolved', COLOURS.accent],
      ['handed_over', COLOURS.warning],
      ['abandoned', COLOURS.bad],
      ['open', COLOURS.neutral],
    ] as const
  ).map(([figure, colour]) => ({
    name: insightsTexts.figures[figure] ?? figure,
    colour,
    values: data.rows.map((row) => row[figure]),
  }));
  return (
    <TimeCard
      title={insightsTexts.outcomes}
      filters={filters}
      starts={data.rows.map((row) => row.start)}
      kind="bars"
      series={series}
      previous={
        previous && {
          name: insightsTexts.previousPeriod,
          colour: 'var(--mui-palette-text-secondary)',
          isDashed: true,
          values: data.rows.map((_, index) => previous.rows[index]?.conversations ?? null),
        }
      }
      format={formatNumber}
      drillDown={{ figure: 'conversations' }}
    />
  );
}

function Answers({ data, filters }: ChartProps) {
  const series = (
    [
      ['completed', COLOURS.accent],
      ['held', COLOURS.warning],
      ['failed', COLOURS.bad],
    ] as const
  ).map(([figure, colour]) => ({
    name: insightsTexts.figures[figure] ?? figure,
    colour,
    values: data.rows.map((row) => row[figure]),
  }));
  return (
    <TimeCard
      title={insightsTexts.answersOverTime}
      definition={insightsTexts.definitions['turns'] ?? ''}
      filters={filters}
      starts={data.rows.map((row) => row.start)}
      kind="bars"
      series={series}
      format={formatNumber}
      drillDown={{ figure: 'turns' }}
    />
  );
}
