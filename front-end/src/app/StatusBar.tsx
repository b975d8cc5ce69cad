import { Alert, Box, Link } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { budgetQuery, deletionQuery, modelStatusQuery, webhooksQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { useLiveInterrupted } from '@/lib/useLive';
import { useOnline } from '@/lib/useOnline';

/** Notices above each page: the model fails, the assistant is paused, half of a budget has been spent, webhooks were disabled, the business will be deleted,
 * the browser is offline, or live updates are interrupted. */
export function StatusBar() {
  const { business, canEdit } = useSession();
  const model = useQuery(modelStatusQuery()).data;
  const webhooks = useQuery({ ...webhooksQuery(), enabled: canEdit }).data ?? [];
  const disabled = webhooks.filter((each) => each.disabled_reason !== null);
  const budget = useQuery({ ...budgetQuery(), enabled: canEdit && business.settings.budget !== undefined }).data;
  const spent = [budget?.month, budget?.day].filter((each) => each !== undefined && (each.percent ?? 0) >= 50);
  const deletion = useQuery(deletionQuery(business.business_id)).data;
  const isInterrupted = useLiveInterrupted();
  const isOnline = useOnline();
  return (
    <Box
      role="status"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        gap: 1,
        px: { xs: 2, md: 3 },
        '&:not(:empty)': { pt: { xs: 1, md: 1.5 } },
      }}
    >
      {(model?.status === 'degraded' || model?.status === 'down') && (
        <StatusChip severity={model.status === 'down' ? 'error' : 'warning'}>
          {texts.modelStatus[model.status]}
          {model.since && (
            <>
              {' '}
              <TextWith text={texts.modelStatus.since} values={{ time: <Time iso={model.since} /> }} />
            </>
          )}
          {model.cause && `: ${model.cause}`}{' '}
          <Link component={RouterLink} to={`${paths.llmCalls}?status=failed`} color="inherit">
            {texts.modelStatus.showCalls}
          </Link>
        </StatusChip>
      )}
      {business.settings.ai_paused && <StatusChip severity="warning">{texts.common.pausedNotice}</StatusChip>}
      {spent.map((period) => (
        <StatusChip key={period!.period} severity={severityOf(period!.percent ?? 0)}>
          {texts.budgetNotice[period!.period]({ share: Math.floor(period!.percent ?? 0) / 100 })}{' '}
          <Link component={RouterLink} to={paths.budget} color="inherit">
            {texts.budgetNotice.show}
          </Link>
        </StatusChip>
      ))}
      {disabled[0] && (
        <StatusChip severity="warning">
          {texts.webhookNotice.disabled({ n: disabled.length })}{' '}
          <Link
            component={RouterLink}
            to={disabled.length === 1 ? paths.webhook(disabled[0].webhook_id) : paths.webhooks}
            color="inherit"
          >
            {texts.webhookNotice.show}
          </Link>
        </StatusChip>
      )}
      {deletion?.delete_at && (
        <StatusChip severity="warning">
          <TextWith text={texts.deletionNotice.planned} values={{ time: <Time iso={deletion.delete_at} full /> }} />{' '}
          {canEdit && (
            <Link component={RouterLink} to={paths.exportAndDelete} color="inherit">
              {texts.deletionNotice.details}
            </Link>
          )}
        </StatusChip>
      )}
      {!isOnline ? (
        <StatusChip severity="warning">{texts.live.offline}</StatusChip>
      ) : (
        isInterrupted && <StatusChip severity="info">{texts.live.interrupted}</StatusChip>
      )}
    </Box>
  );
}

function severityOf(percent: number): 'error' | 'warning' | 'info' {
  if (percent >= 100) return 'error';
  return percent >= 80 ? 'warning' : 'info';
}

function StatusChip({ severity, children }: { severity: 'error' | 'warning' | 'info'; children: ReactNode }) {
  return (
    <Alert
      severity={severity}
      role="presentation"
      sx={{
        py: 0,
        px: 1.25,
        borderRadius: 2,
        minWidth: 0,
        '& .MuiAlert-icon': { py: 0.5, mr: 1, fontSize: 18 },
        '& .MuiAlert-message': { py: 0.5, overflowWrap: 'anywhere', maxHeight: 96, overflowY: 'auto' },
      }}
    >
      {children}
    </Alert>
  );
}
