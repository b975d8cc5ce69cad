import { Alert, Button, Typography } from '@mui/material';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Page } from '@/components/Page';
import { Empty, QueryView } from '@/components/states';
import { insightsTexts } from '@/config/texts/insights';
import { useSession } from '@/lib/session';
import { type ReportName, csvUrl } from '../api/analytics';
import { FilterBar } from './FilterBar';
import { formatPeriod } from './period';
import { type AnalyticsFilters, type FilterName, useAnalyticsFilters } from './useAnalyticsFilters';

const ALL_FILTERS: readonly FilterName[] = [
  'channel',
  'stage_id',
  'agent_id',
  'template_id',
  'template_version',
  'release_id',
  'language',
];

const NO_MORE = {};

interface Props {
  title: string;
  description: string;
  /** The name of the page in saved views. */
  page: string;
  /** The report of the CSV file. */
  report?: ReportName;
  /** Further parameters of the CSV file; null while it cannot be requested. */
  csvQuery?: object | null;
  names?: readonly FilterName[];
  hasBy?: boolean;
  children: (filters: AnalyticsFilters) => ReactNode;
}

/** The frame of the pages with figures: the period, filters, saved views and the CSV file. */
export function InsightsPage({
  title,
  description,
  page,
  report,
  csvQuery = NO_MORE,
  names = ALL_FILTERS,
  hasBy = true,
  children,
}: Props) {
  const { canEdit } = useSession();
  const filters = useAnalyticsFilters();
  if (!canEdit) {
    return (
      <Page title={title} description={description}>
        <Alert severity="info" role="note">
          {insightsTexts.ownersOnly}
        </Alert>
      </Page>
    );
  }
  const query = hasBy ? filters.queryOverTime : filters.query;
  const allowed = Object.fromEntries(
    Object.entries(query).filter(
      ([name]) => !(ALL_FILTERS as readonly string[]).includes(name) || names.includes(name as FilterName),
    ),
  );
  return (
    <Page
      title={title}
      description={description}
      actions={
        report &&
        csvQuery && (
          <Button component="a" href={csvUrl(report, { ...allowed, ...csvQuery })} download>
            {insightsTexts.download}
          </Button>
        )
      }
    >
      <FilterBar page={page} filters={filters} names={names} hasBy={hasBy} />
      {children(filters)}
    </Page>
  );
}

interface FiguresProps<Data> {
  query: UseQueryResult<Data>;
  filters: AnalyticsFilters;
  isEmpty: (data: Data) => boolean;
  children: (data: Data) => ReactNode;
}

/** Shows figures when they are loaded, or that there are none. */
export function Figures<Data>({ query, filters, isEmpty, children }: FiguresProps<Data>) {
  return (
    <QueryView query={query}>
      {(data) =>
        isEmpty(data) ? (
          <Empty
            title={filters.count ? insightsTexts.nothingMatches : insightsTexts.noneYet}
            hint={filters.count ? insightsTexts.otherPeriod : insightsTexts.noneYetHint}
          >
            {filters.count > 0 && <Button onClick={filters.clear}>{insightsTexts.clearFilters}</Button>}
          </Empty>
        ) : (
          <>{children(data)}</>
        )
      }
    </QueryView>
  );
}

/** The days that the figures are about, and those that they are compared with. */
export function PeriodLine({
  filters,
  previous,
}: {
  filters: AnalyticsFilters;
  previous?: { from: string; to: string };
}) {
  const period = formatPeriod(filters.period);
  return (
    <Typography variant="body2" color="textSecondary">
      {previous ? insightsTexts.comparedWith({ period, previous: formatPeriod(previous) }) : period}
    </Typography>
  );
}
