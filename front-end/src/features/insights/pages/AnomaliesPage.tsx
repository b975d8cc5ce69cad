import { Alert, Button, Link, Paper, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { Page } from '@/components/Page';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { anomaliesTexts } from '@/config/texts/anomalies';
import { insightsTexts } from '@/config/texts/insights';
import { formatDecimals, formatDollars, formatDuration, formatShare } from '@/lib/intl';
import { useSession } from '@/lib/session';
import { type Anomaly, type DrillDown, anomaliesQuery } from '../api/analytics';
import { Definition } from '../components/Definition';
import { dateIn, formatsOf } from '../components/period';

/** Hours in which a figure was unusual, the latest first. */
export default function AnomaliesPage() {
  const { canEdit } = useSession();
  const anomalies = useInfiniteQuery({ ...anomaliesQuery(), enabled: canEdit });
  const rows = anomalies.data?.pages.flatMap((page) => page.body) ?? [];
  return (
    <Page title={anomaliesTexts.title} description={anomaliesTexts.description}>
      {!canEdit && (
        <Alert severity="info" role="note">
          {insightsTexts.ownersOnly}
        </Alert>
      )}
      {anomalies.error && (
        <ErrorNotice title={texts.errors.title} error={anomalies.error} onRetry={() => void anomalies.refetch()} />
      )}
      {canEdit && anomalies.isPending && !anomalies.error && <Loading />}
      {anomalies.data && !rows.length && <Empty title={anomaliesTexts.none} hint={anomaliesTexts.noneHint} />}
      {rows.length > 0 && (
        <Paper
          variant="outlined"
          component="ul"
          aria-label={anomaliesTexts.title}
          sx={{ listStyle: 'none', m: 0, p: 0 }}
        >
          {rows.map((each) => (
            <AnomalyRow key={each.anomaly_id} anomaly={each} />
          ))}
        </Paper>
      )}
      {anomalies.hasNextPage && (
        <Button
          onClick={() => void anomalies.fetchNextPage()}
          disabled={anomalies.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
    </Page>
  );
}

/** What the conversations of the day are, in which the figure was unusual. */
const FIGURES: Record<Anomaly['figure'], NonNullable<DrillDown['figure']>> = {
  errors: 'failed',
  handovers: 'handovers',
  cost: 'turns',
  latency: 'completed',
};

function AnomalyRow({ anomaly }: { anomaly: Anomaly }) {
  const { business } = useSession();
  const timeZone = business.settings.timezone ?? 'UTC';
  const day = dateIn(timeZone, new Date(anomaly.hour));
  const search = new URLSearchParams({ figure: FIGURES[anomaly.figure], from: day, to: day });
  const name = anomaliesTexts.figures[anomaly.figure] ?? anomaly.figure;
  return (
    <Stack
      component="li"
      direction={{ xs: 'column', sm: 'row' }}
      sx={{
        columnGap: 2,
        px: 2,
        py: 1.25,
        justifyContent: 'space-between',
        '& + &': { borderTop: 1, borderColor: 'divider' },
      }}
    >
      <Stack sx={{ minWidth: 0 }}>
        <Stack direction="row" sx={{ alignItems: 'center', gap: 0.25 }}>
          <Typography sx={{ fontWeight: 600 }}>{name}</Typography>
          <Definition name={name} text={anomaliesTexts.definitions[anomaly.figure] ?? ''} />
        </Stack>
        <Typography variant="body2" color="textSecondary">
          {anomaliesTexts.value({
            value: formatValue(anomaly, anomaly.value),
            usual: formatValue(anomaly, anomaly.usual),
          })}
        </Typography>
      </Stack>
      <Stack sx={{ alignItems: { sm: 'flex-end' }, flexShrink: 0 }}>
        <Typography variant="body2">{formatsOf('hour', timeZone).title(anomaly.hour)}</Typography>
        <Link component={RouterLink} to={`${paths.insightsConversations}?${search.toString()}`} variant="body2">
          {anomaliesTexts.conversationsOfDay}
        </Link>
      </Stack>
    </Stack>
  );
}

function formatValue({ figure }: Anomaly, value: number): string {
  if (figure === 'cost') return formatDollars(value);
  if (figure === 'latency') return formatDuration(value);
  return figure === 'errors' ? formatShare(value) : formatDecimals(value, 2);
}
