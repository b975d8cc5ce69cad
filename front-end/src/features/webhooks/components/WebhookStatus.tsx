import { Chip } from '@mui/material';
import { webhookTexts } from '@/config/texts/webhooks';
import type { Webhook } from '@/lib/types';

/** Whether a webhook is enabled, and whether it works. */
export function WebhookStatus({ webhook }: { webhook: Webhook }) {
  if (!webhook.enabled) {
    return (
      <Chip size="small" label={webhookTexts.disabled} color={webhook.disabled_reason === null ? 'default' : 'error'} />
    );
  }
  if (webhook.failing_since !== null) return <Chip size="small" label={webhookTexts.failing} color="warning" />;
  return <Chip size="small" label={webhookTexts.enabled} color="success" variant="outlined" />;
}
