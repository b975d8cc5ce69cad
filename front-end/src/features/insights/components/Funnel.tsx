import { Box, Link, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { texts } from '@/config/texts';
import { insightsTexts } from '@/config/texts/insights';
import { formatList, formatNumber, formatShare, formatSpan } from '@/lib/intl';
import type { FunnelGroup, FunnelRow } from '../api/analytics';
import { BarList } from './charts/BarList';
import { ChartCard } from './charts/ChartCard';
import { stageName } from './names';
import type { AnalyticsFilters } from './useAnalyticsFilters';

interface Props {
  rows: readonly FunnelRow[];
  group: FunnelGroup | undefined;
  filters: AnalyticsFilters;
}

/** How many conversations reached each stage of a sequence: one list of bars, or one per release or version. */
export function Funnel({ rows, group, filters }: Props) {
  const names = [...new Set(rows.map((row) => groupName(row, group)))];
  const title = insightsTexts.funnel;
  return (
    <ChartCard
      title={title}
      definition={insightsTexts.funnelDefinition}
      isEmpty={rows.every((row) => row.entered === 0)}
      isPlain
      table={{
        columns: [
          ...(group ? [insightsTexts.funnelGroups[group] ?? group] : []),
          insightsTexts.stage,
          insightsTexts.reached,
          insightsTexts.rate,
          insightsTexts.interval,
          insightsTexts.dropped,
          insightsTexts.averageTime,
        ],
        textColumns: group ? [1] : [],
        rows: rows.map((row) => ({
          key: `${groupName(row, group)} ${String(row.step)}`,
          cells: [
            ...(group ? [groupName(row, group)] : []),
            <bdi key="stage">{stageName(row)}</bdi>,
            formatNumber(row.reached),
            row.rate === null ? '–' : formatShare(row.rate),
            row.rate_low === null || row.rate_high === null
              ? '–'
              : insightsTexts.confidenceRange({ from: formatShare(row.rate_low), to: formatShare(row.rate_high) }),
            formatNumber(row.dropped),
            row.seconds === null ? '–' : formatSpan(row.seconds),
          ],
        })),
      }}
    >
      <Box
        sx={{
          display: 'grid',
          gap: 3,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(auto-fit, minmax(340px, 1fr))' },
        }}
      >
        {names.map((name) => (
          <Box key={name}>
            {group && (
              <Typography variant="h3" gutterBottom>
                <GroupHeading name={name} row={rows.find((row) => groupName(row, group) === name)} filters={filters} />
              </Typography>
            )}
            <BarList
              label={group ? name : title}
              max={1}
              rows={rows
                .filter((row) => groupName(row, group) === name)
                .map((row) => ({
                  key: String(row.step),
                  name: <bdi>{stageName(row)}</bdi>,
                  value: row.rate ?? 0,
                  text: insightsTexts.shareOf({ share: formatShare(row.rate ?? 0), whole: formatNumber(row.entered) }),
                  interval:
                    row.step > 1 && row.rate_low !== null && row.rate_high !== null
                      ? [row.rate_low, row.rate_high]
                      : undefined,
                  detail: formatList(
                    [
                      row.seconds !== null && row.step > 1
                        ? insightsTexts.sincePrevious({ time: formatSpan(row.seconds) })
                        : '',
                      row.dropped > 0 ? insightsTexts.droppedHere({ n: row.dropped }) : '',
                    ].filter(Boolean),
                  ),
                }))}
            />
          </Box>
        ))}
      </Box>
    </ChartCard>
  );
}

/** A release or a version, which limits all figures to it. */
function GroupHeading({ name, row, filters }: { name: string; row: FunnelRow | undefined; filters: AnalyticsFilters }) {
  const values = row?.release_id
    ? { release_id: row.release_id, compare: '' }
    : row?.template_version
      ? { template_version: String(row.template_version), compare: '' }
      : null;
  if (!values) return name;
  return (
    <Link component={RouterLink} to={filters.address.linkTo(values)}>
      {name}
    </Link>
  );
}

function groupName(row: FunnelRow, group: FunnelGroup | undefined): string {
  if (group === 'release') {
    return row.release_number === null ? insightsTexts.noRelease : insightsTexts.release({ n: row.release_number });
  }
  if (group === 'template_version') {
    return row.template_version === null ? insightsTexts.noRelease : texts.common.version({ n: row.template_version });
  }
  return '';
}
