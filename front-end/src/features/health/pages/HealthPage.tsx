import { Box, Button, Link, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import { Page } from '@/components/Page';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { formatDuration } from '@/lib/intl';
import { modelStatusQuery, productQuery } from '@/lib/queries';
import type { ModelStatus } from '@/lib/types';
import { healthQuery } from '../api/health';

type State = ModelStatus['status'];

export default function HealthPage() {
  const health = useQuery(healthQuery());
  const product = useQuery({ ...productQuery(), enabled: health.data?.server === true });
  const model = useQuery({ ...modelStatusQuery(), enabled: health.data?.server === true });
  const status = health.data;
  return (
    <Page
      title={texts.health.title}
      description={`${texts.health.description} ${texts.health.interval}`}
      actions={
        <Button
          variant="outlined"
          disabled={health.isFetching}
          onClick={() => void Promise.all([health.refetch(), product.refetch(), model.refetch()])}
        >
          {texts.health.checkNow}
        </Button>
      }
    >
      {!status ? (
        <Loading />
      ) : (
        <>
          <Box role="status" sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: 'repeat(3, 1fr)' } }}>
            <ServiceCard
              name={texts.health.server}
              state={status.server ? 'ok' : 'down'}
              text={status.server ? texts.health.ok : texts.health.down}
              detail={status.server ? `${texts.health.roundTrip}: ${formatDuration(status.milliseconds)}` : null}
            />
            <ServiceCard
              name={texts.health.database}
              state={!status.server ? 'unknown' : status.database ? 'ok' : 'down'}
              text={
                !status.server
                  ? texts.common.unknown
                  : status.database
                    ? texts.health.ok
                    : (status.cause ?? texts.health.down)
              }
              detail={null}
            />
            <ModelCard status={status.server ? model.data : undefined} />
          </Box>
          <Stack direction="row" useFlexGap spacing={2} sx={{ flexWrap: 'wrap', color: 'text.secondary' }}>
            <Typography variant="body2">
              <TextWith text={texts.health.checked} values={{ time: <Time iso={status.at} full /> }} />
            </Typography>
            {product.data && (
              <Typography variant="body2">{texts.health.version({ version: product.data.version })}</Typography>
            )}
            <Link href="/docs" variant="body2">
              {texts.health.docs}
            </Link>
          </Stack>
        </>
      )}
    </Page>
  );
}

/** The status of the model, judged by the recent calls of the business. */
function ModelCard({ status }: { status: ModelStatus | undefined }) {
  const state = status?.status ?? 'unknown';
  return (
    <ServiceCard
      name={texts.health.model}
      state={state}
      text={status ? texts.health.modelStates[state] : texts.common.unknown}
      detail={
        state === 'none'
          ? texts.rulesMode.body
          : status?.cause && (
              <>
                {status.since && (
                  <>
                    <TextWith text={texts.health.since} values={{ time: <Time iso={status.since} full /> }} />{' '}
                  </>
                )}
                {status.cause}{' '}
                <Link component={RouterLink} to={`${paths.llmCalls}?status=failed`}>
                  {texts.modelStatus.showCalls}
                </Link>
              </>
            )
      }
    />
  );
}

const COLOURS = {
  ok: 'success.main',
  degraded: 'warning.main',
  down: 'error.main',
  none: 'warning.main',
  unknown: 'text.disabled',
} as const;

function ServiceCard({ name, state, text, detail }: { name: string; state: State; text: string; detail: ReactNode }) {
  return (
    <Paper variant="outlined" sx={{ p: 2.5 }}>
      <Typography variant="h2" gutterBottom>
        {name}
      </Typography>
      <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
        <Box aria-hidden sx={{ width: 10, height: 10, borderRadius: '50%', bgcolor: COLOURS[state], flexShrink: 0 }} />
        <Typography>{text}</Typography>
      </Stack>
      {detail && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 1, overflowWrap: 'anywhere' }}>
          {detail}
        </Typography>
      )}
    </Paper>
  );
}
