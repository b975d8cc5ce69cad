import type { Translation } from '../../translate';
import type * as en from '../webhooks';

export const webhookTexts: Translation<typeof en.webhookTexts> = {
  title: '', // Webhooks
  description: '', // Send events to your own systems: a customer writes, a conversation is handed over, an order changes.
  new: '', // New webhook
  edit: '', // Edit webhook
  empty: '', // No webhooks yet
  emptyHint: '', // Add the URL of a system that wants to know what happens in your conversations.
  url: '', // URL
  urlHint: '', // An https address that answers within 10 seconds.
  urlInvalid: '', // Enter a URL that starts with https:// or http://.
  events: '', // Events
  eventsInvalid: '', // Choose at least one type of event.
  types: {
    'conversation.started': '', // A conversation starts
    'conversation.handed_over': '', // A person handles a conversation
    'conversation.completed': '', // A conversation is completed
    'message.created': '', // Someone writes a message
    'turn.failed': '', // A message could not be answered
    'action.done': '', // An action was done
    'order.updated': '', // An order changes
    'webhook.test': '', // Test
  },
  numberOfEvents: '', // {n, plural, one {# type of event} other {# types of events}}
  secretTitle: '', // Signing secret
  secretHint: '', // Copy it now: it is not shown again. Your system uses it to check that requests come from this product.
  secret: '', // Signing secret
  done: '', // Done
  enabled: '', // Enabled
  disabled: '', // Disabled
  failing: '', // Failing
  failingSince: '', // Failing since
  enable: '', // Enable
  disable: '', // Disable
  disableTitle: '', // Disable this webhook?
  disableHint: '', // Events that are waiting are given up, and later events are not stored for it.
  disabledFailing: '', // It was disabled because it failed for three days. Events that happen now are not sent.
  disabledGone: '', // It was disabled because your system answered that it wants no more events (410).
  disabledByOwner: '', // It is disabled. Events that happen now are not sent.
  deleteTitle: '', // Delete this webhook?
  deleteHint: '', // Its deliveries are deleted too.
  sendTest: '', // Send test
  testDelivered: '', // Test delivered.
  testFailed: '', // Test failed: {reason}
  deliveries: '', // Deliveries
  noDeliveries: '', // No deliveries yet
  noDeliveriesHint: '', // Events appear here when they happen. Send a test to check the connection.
  noDeliveriesFiltered: '', // No deliveries with this status
  status: '', // Status
  statuses: {
    pending: '', // Waiting
    delivered: '', // Delivered
    failed: '', // Failed
  },
  attempts: '', // {n, plural, one {# attempt} other {# attempts}}
  nextAttempt: '', // Next attempt
  details: '', // Details
  detailsOf: '', // Details of “{type}”
  eventId: '', // Event ID
  body: '', // Body
  resend: '', // Send again
  resent: '', // The event is being sent again.
  errors: {
    webhook_disabled: '', // The webhook was disabled.
    process_died: '', // The server stopped while sending it.
    timeout: '', // No answer within 10 seconds.
    dns: '', // The host name was not found.
    connection: '', // No connection.
    tls: '', // The certificate is not valid.
    address_refused: '', // The address is not public.
    circuit_open: '', // Not sent, because the last requests to this server failed.
    too_large: '', // The answer is too large.
    invalid_response: '', // The answer cannot be read.
    secret_unreadable: '', // The signing secret cannot be read. Create another webhook.
  },
  answered: '', // The server answered with status {status, number}.
};
