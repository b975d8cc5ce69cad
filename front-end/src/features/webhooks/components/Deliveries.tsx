import { Box, Button, Chip, Paper, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FilterSelect } from '@/components/FilterSelect';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { texts } from '@/config/texts';
import { webhookTexts } from '@/config/texts/webhooks';
import type { Webhook, WebhookDelivery } from '@/lib/types';
import { deliveriesQuery } from '../api/webhooks';
import { reasonOf } from './reason';

const DeliveryDialog = loadWhenOpened(async () => (await import('./DeliveryDialog')).DeliveryDialog);

const COLOURS = { pending: 'info', delivered: 'success', failed: 'error' } as const;

/** The latest deliveries of a webhook, newest first. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const [status, setStatus] = useState<WebhookDelivery['status'] | ''>('');
  const [opened, setOpened] = useState<WebhookDelivery | null>(null);
  const deliveries = useInfiniteQuery(deliveriesQuery(webhook.webhook_id, status || undefined));
  const rows = deliveries.data?.pages.flatMap((page) => page.body) ?? [];
  return (
    <Stack component="section" aria-label={webhookTexts.deliveries} sx={{ gap: 1.5 }}>
      <Stack
        direction="row"
        useFlexGap
        sx={{ flexWrap: 'wrap', gap: 1.5, alignItems: 'center', justifyContent: 'space-between' }}
      >
        <Typography variant="h2">{webhookTexts.deliveries}</Typography>
        <FilterSelect
          label={webhookTexts.status}
          value={status}
          options={webhookTexts.statuses}
          onChange={(value) => setStatus(value as typeof status)}
          sx={{ minWidth: 160 }}
        />
      </Stack>
      {deliveries.error && (
        <ErrorNotice title={texts.errors.title} error={deliveries.error} onRetry={() => void deliveries.refetch()} />
      )}
      {deliveries.isPending && !deliveries.error && <Loading />}
      {deliveries.data && rows.length === 0 && (
        <Empty
          title={status ? webhookTexts.noDeliveriesFiltered : webhookTexts.noDeliveries}
          {...(status ? {} : { hint: webhookTexts.noDeliveriesHint })}
        />
      )}
      {rows.length > 0 && (
        <Paper
          variant="outlined"
          component="ul"
          aria-label={webhookTexts.deliveries}
          sx={{ listStyle: 'none', m: 0, p: 0 }}
        >
          {rows.map((each) => (
            <DeliveryRow key={each.delivery_id} delivery={each} onOpen={() => setOpened(each)} />
          ))}
        </Paper>
      )}
      {deliveries.hasNextPage && (
        <Button
          onClick={() => void deliveries.fetchNextPage()}
          disabled={deliveries.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
      {opened && <DeliveryDialog delivery={opened} canResend={webhook.enabled} onClose={() => setOpened(null)} />}
    </Stack>
  );
}

function DeliveryRow({ delivery, onOpen }: { delivery: WebhookDelivery; onOpen: () => void }) {
  const type = webhookTexts.types[delivery.type] ?? delivery.type;
  return (
    <Stack
      component="li"
      direction={{ xs: 'column', sm: 'row' }}
      sx={{
        gap: 1,
        px: 2,
        py: 1,
        alignItems: { xs: 'flex-start', sm: 'center' },
        '& + &': { borderTop: 1, borderColor: 'divider' },
      }}
    >
      <Box sx={{ minWidth: 0, flexGrow: 1 }}>
        <Typography sx={{ fontWeight: 600 }}>{type}</Typography>
        <Typography variant="body2" color="textSecondary">
          <Time iso={delivery.created_at} full />
          {delivery.status !== 'delivered' && delivery.error !== null && <> · {reasonOf(delivery)}</>}
          {delivery.status === 'pending' && delivery.next_attempt_at !== null && (
            <>
              {' '}
              ·{' '}
              <TextWith
                text={webhookTexts.nextAttempt}
                values={{ time: <Time iso={delivery.next_attempt_at} full /> }}
              />
            </>
          )}
        </Typography>
      </Box>
      <Stack direction="row" sx={{ gap: 1, alignItems: 'center' }}>
        <Chip
          size="small"
          variant="outlined"
          color={COLOURS[delivery.status]}
          label={webhookTexts.statuses[delivery.status]}
        />
        <Button aria-label={webhookTexts.detailsOf({ type })} onClick={onOpen}>
          {webhookTexts.details}
        </Button>
      </Stack>
    </Stack>
  );
}
