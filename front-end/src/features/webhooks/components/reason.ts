import { webhookTexts } from '@/config/texts/webhooks';
import type { WebhookDelivery } from '@/lib/types';

/** Why the last attempt failed, as a sentence. */
export function reasonOf(delivery: Pick<WebhookDelivery, 'error' | 'response_status'>): string {
  if (delivery.response_status !== null) return webhookTexts.answered({ status: delivery.response_status });
  return webhookTexts.errors[delivery.error ?? ''] ?? delivery.error ?? '';
}
