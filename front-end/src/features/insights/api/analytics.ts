import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { buildUrl, call } from '@/lib/client';
import { PAGE_SIZE } from '@/lib/queries';
import type { components } from '@/lib/schema.gen';

type Schemas = components['schemas'];

/** The period and the filters, as the API names them. */
export interface AnalyticsQuery {
  from: string;
  to: string;
  by?: 'hour' | 'day' | 'week' | 'month' | undefined;
  channel?: string | undefined;
  stage_id?: string | undefined;
  agent_id?: string | undefined;
  template_id?: string | undefined;
  template_version?: number | undefined;
  release_id?: string | undefined;
  language?: string | undefined;
}

export type Summary = Schemas['analytics_summary'];
export type Figure = keyof Summary['totals'];
export type CostGroup = NonNullable<Schemas['analytics_cost_query']['group_by']>;
export type FunnelGroup = NonNullable<Schemas['analytics_funnel_query']['group_by']>;
export type FunnelRow = Schemas['analytics_funnel']['rows'][number];
export type DrillDown = Omit<Schemas['analytics_conversations_query'], 'business_id' | 'limit' | 'cursor'>;

/** The figures are computed in the background, so they are not read again at once. While others are loaded, the last ones
 * stay on the page. */
const report = <Body>(name: string, query: object, read: (signal: AbortSignal) => Promise<{ body: Body }>) =>
  queryOptions({
    queryKey: ['analytics', name, query],
    queryFn: async ({ signal }) => (await read(signal)).body,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

export const summaryQuery = (query: AnalyticsQuery) =>
  report('summary', query, (signal) => call('get', '/api/v1/analytics/summary', { query, signal }));

export const stageFiguresQuery = (query: AnalyticsQuery) =>
  report('stages', query, (signal) => call('get', '/api/v1/analytics/stages', { query, signal }));

export const fieldsQuery = (query: AnalyticsQuery) =>
  report('fields', query, (signal) => call('get', '/api/v1/analytics/fields', { query, signal }));

export const actionsQuery = (query: AnalyticsQuery) =>
  report('actions', query, (signal) => call('get', '/api/v1/analytics/actions', { query, signal }));

export const funnelQuery = (
  query: Omit<AnalyticsQuery, 'by' | 'stage_id' | 'agent_id'> & { stages: string; group_by?: FunnelGroup | undefined },
) => report('funnel', query, (signal) => call('get', '/api/v1/analytics/funnel', { query, signal }));

export const transitionFiguresQuery = (query: AnalyticsQuery) =>
  report('transitions', query, (signal) => call('get', '/api/v1/analytics/transitions', { query, signal }));

export const costQuery = (query: AnalyticsQuery & { group_by: CostGroup }) =>
  report('cost', query, (signal) => call('get', '/api/v1/analytics/cost', { query, signal }));

export const latencyQuery = (query: AnalyticsQuery) =>
  report('latency', query, (signal) => call('get', '/api/v1/analytics/latency', { query, signal }));

export const handoversQuery = (query: AnalyticsQuery) =>
  report('handovers', query, (signal) => call('get', '/api/v1/analytics/handovers', { query, signal }));

export const unansweredClustersQuery = (query: Pick<AnalyticsQuery, 'from' | 'to' | 'channel' | 'language'>) =>
  report('unanswered', query, (signal) => call('get', '/api/v1/analytics/unanswered', { query, signal }));

/** The conversations behind a figure. */
export const drillDownQuery = (query: DrillDown) =>
  infiniteQueryOptions({
    queryKey: ['analytics', 'conversations', query],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/analytics/conversations', { query: { ...query, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 60_000,
  });

export type Anomaly = Schemas['anomaly'];

/** Hours in which a figure was unusual, the latest first. */
export const anomaliesQuery = () =>
  infiniteQueryOptions({
    queryKey: ['anomalies'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/api/v1/anomalies', { query: { order: 'newest', limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 60_000,
  });

export type ReportName =
  'summary' | 'stages' | 'funnel' | 'transitions' | 'fields' | 'actions' | 'handovers' | 'latency' | 'cost';

/** The address of a report as a CSV file. */
export const csvUrl = (name: ReportName, query: object) =>
  buildUrl('/api/v1/analytics/csv', {}, { report: name, ...query });

/** The latest releases that were live. Older ones can be chosen where the funnel compares releases. */
export const releaseOptionsQuery = () =>
  queryOptions({
    queryKey: ['releases', 'options'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/releases', { query: { limit: PAGE_SIZE }, signal })).body.filter(
        (each) => each.status === 'published',
      ),
  });
