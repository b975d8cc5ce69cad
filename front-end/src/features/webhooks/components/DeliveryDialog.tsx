import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { asJson, CodeText } from '@/components/CodeText';
import { ErrorNotice, QueryView } from '@/components/states';
import { Time } from '@/components/Time';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { webhookTexts } from '@/config/texts/webhooks';
import { formatDuration } from '@/lib/intl';
import type { WebhookDelivery } from '@/lib/types';
import { deliveryQuery, useChangeWebhooks } from '../api/webhooks';
import { reasonOf } from './reason';

interface Props {
  delivery: WebhookDelivery;
  /** Whether the webhook is enabled, so that the event can be sent again. */
  canResend: boolean;
  onClose: () => void;
}

/** What was sent, and how the receiver answered. */
export function DeliveryDialog({ delivery, canResend, onClose }: Props) {
  const id = useId();
  const notify = useNotify();
  const { resend } = useChangeWebhooks();
  const detail = useQuery(deliveryQuery(delivery));
  const sendAgain = () =>
    resend.mutate(delivery, {
      onSuccess: () => {
        notify(webhookTexts.resent);
        onClose();
      },
    });
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="md" fullWidth>
      <DialogTitle id={id}>{webhookTexts.types[delivery.type] ?? delivery.type}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <QueryView query={detail}>
          {(shown) => (
            <>
              <Typography variant="body2" color="textSecondary">
                {webhookTexts.statuses[shown.status]} · {webhookTexts.attempts({ n: shown.attempts })}
                {shown.last_attempt_at && (
                  <>
                    {' '}
                    · <Time iso={shown.last_attempt_at} full />
                  </>
                )}
                {shown.duration_ms !== null && <> · {formatDuration(shown.duration_ms)}</>}
                <br />
                {webhookTexts.eventId({ id: shown.event_id })}
              </Typography>
              {(shown.error ?? shown.response_status) !== null && <Typography>{reasonOf(shown)}</Typography>}
              <CodeText label={webhookTexts.body} text={asJson(shown.payload)} />
            </>
          )}
        </QueryView>
        {resend.error && <ErrorNotice error={resend.error} />}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{texts.common.close}</Button>
        {canResend && delivery.type !== 'webhook.test' && (
          <Button variant="contained" onClick={sendAgain} disabled={resend.isPending}>
            {webhookTexts.resend}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
