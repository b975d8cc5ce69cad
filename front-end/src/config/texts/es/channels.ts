import type { Translation } from '../../translate';
import type * as en from '../channels';

export const channelTexts: Translation<typeof en.channelTexts> = {
  title: '', // Channels
  description: '', // Where your customers write: a chat on your website, WhatsApp, e-mail and others.
  new: '', // Add channel
  empty: '', // No channels yet
  emptyHint: '', // Add one, and its customers get answers from your assistant and your team.
  kind: '', // Kind of channel
  nameHint: '', // Shown to your team.
  required: '', // This field is required.
  states: {
    unused: '', // Not used yet
    ok: '', // Works
    error: '', // Error
    disabled: '', // Disabled
  },
  status: '', // Status
  lastError: '', // Last error
  lastInbound: '', // Last message received
  lastSent: '', // Last message sent
  never: '', // Never
  pending: '', // {n, plural, one {# message waits to be sent.} other {# messages wait to be sent.}}
  enable: '', // Enable
  disable: '', // Disable
  disableTitle: '', // Disable this channel?
  disableHint: '', // It receives and sends nothing until you enable it again. Messages that cannot be sent meanwhile can be sent again later.
  deleteTitle: '', // Delete this channel?
  deleteHint: '', // Its conversations are kept. Messages that wait to be sent are dropped.
  webhook: '', // Connection
  webhookUrl: '', // Webhook URL
  webhookHint: '', // Enter this URL at {kind}, which sends the messages of your customers to it.
  copyUrl: '', // Copy webhook URL
  settings: '', // Settings
  secrets: '', // Secrets
  secretsHint: '', // Secrets are stored encrypted and never shown again.
  secretSet: '', // Set
  secretMissing: '', // Not set
  secretOptional: '', // Not set (optional)
  secretGenerated: '', // Leave it empty to have one generated.
  replaceSecret: '', // Replace
  replaceSecretOf: '', // Replace “{name}”
  secretValue: '', // New value
  secretReplaced: '', // Replaced. It applies immediately.
  createdTitle: '', // Channel created
  createdHint: '', // Enter these values at the other side. The secrets are shown only now.
  copySecret: '', // Copy “{name}”
  continue: '', // Continue
  test: '', // Send test message
  testHint: '', // It is sent once, outside of any conversation.
  recipient: '', // Recipient
  recipientHint: '', // The ID of the recipient at the provider, such as a telephone number or an address.
  testText: '', // Text
  testDefault: '', // This is a test message.
  send: '', // Send
  testSent: '', // The provider has accepted the message.
  testFailed: '', // Not sent: {error}
  testUnknown: '', // It is not known whether the message was sent: {error}
  notInstalled: '', // This kind of channel is not installed on the server any more.
  onePerLine: '', // One per line.
  addLanguage: '', // Add “{field}” in a language
  removeLanguage: '', // Remove “{field}” in {language}
  noJson: '', // This is not valid JSON.
  snippet: '', // Code for your website
  snippetHint: '', // Insert it before the end of the body of each page that shows the chat.
  copySnippet: '', // Copy code
  demo: '', // Open demo page
  preview: '', // Preview
  previewHint: '', // Shows your changes before they are saved. Messages are not sent.
  previewLanguage: '', // Language of the preview
};

export const deliveryTexts: Translation<typeof en.deliveryTexts> = {
  statuses: {
    pending: '', // Sending…
    sent: '', // Sent
    delivered: '', // Delivered
    read: '', // Read
    failed: '', // Not sent
    unknown: '', // Delivery unknown
  },
  retrying: '', // Will be sent again: {error}
  failedWith: '', // Not sent: {error}
  unknownHint: '', // The message may have been sent. It is not sent again automatically, so that the customer does not get it twice.
  resend: '', // Send again
  resent: '', // It is being sent again.
  resendFailed: '', // That did not work. Try again.
  resendTitle: '', // Send this message again?
  parts: '', // {text} ({sent, number} of {all, number} parts)
  windowClosed: '', // {hours, plural, one {The customer last wrote more than # hour ago.} other {The customer last wrote more than # hours ago.}} Until they write again, only templates that the provider has approved can be sent, not free text.
  windowEnds: '', // {hours, plural, one {Free text can be sent until {time}: # hour after the customer’s last message.} other {Free text can be sent until {time}: # hours after the customer’s last message.}}
};
