import { paths } from '@/config/paths';
import { uuidOrNull } from '@/lib/format';
import { useSession } from '@/lib/session';
import { useFilters } from '@/lib/useFilters';
import type { AnalyticsQuery, DrillDown } from '../api/analytics';
import { type By, dateIn, defaultBy, isDate, periodOf, possibleBys } from './period';

const FILTERS = [
  'channel',
  'stage_id',
  'agent_id',
  'template_id',
  'template_version',
  'release_id',
  'language',
] as const;

export type FilterName = (typeof FILTERS)[number];

/** The period and the filters of the address, and what the API makes of them. */
export function useAnalyticsFilters() {
  const { business } = useSession();
  const timeZone = business.settings.timezone ?? 'UTC';
  const address = useFilters(...FILTERS);
  const today = dateIn(timeZone);
  const period = periodOf(address.get('period'), address.get('from'), address.get('to'), today);
  const isCustom = isDate(address.get('from')) && isDate(address.get('to'));
  const bys = possibleBys(period);
  const by = bys.find((each) => each === address.get('by')) ?? defaultBy(period);
  const templateId = uuidOrNull(address.get('template_id')) ?? undefined;
  const version = Number(address.get('template_version'));
  const filters: Omit<AnalyticsQuery, 'from' | 'to' | 'by'> = {
    channel: address.get('channel') || undefined,
    stage_id: uuidOrNull(address.get('stage_id')) ?? undefined,
    agent_id: uuidOrNull(address.get('agent_id')) ?? undefined,
    template_id: templateId,
    template_version: templateId && Number.isInteger(version) && version > 0 ? version : undefined,
    release_id: uuidOrNull(address.get('release_id')) ?? undefined,
    language: address.get('language') || undefined,
  };
  const query: AnalyticsQuery = { ...period, ...filters };
  return {
    address,
    timeZone,
    today,
    period,
    isCustom,
    by: by as By,
    bys,
    filters,
    /** For one row per report or group. */
    query,
    /** For one row per hour, day, week or month. */
    queryOverTime: { ...query, by: by as By },
    count: Object.values(filters).filter((each) => each !== undefined).length,
    clear: () => address.set(Object.fromEntries(FILTERS.map((name) => [name, '']))),
    /** The address of the conversations behind a figure. */
    drillDown: (values: DrillDown) => {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries({ ...query, ...values })) {
        if (value !== undefined) search.set(name, String(value));
      }
      return `${paths.insightsConversations}?${search.toString()}`;
    },
  };
}

export type AnalyticsFilters = ReturnType<typeof useAnalyticsFilters>;
