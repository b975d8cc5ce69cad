import type { Translation } from '../../translate';
import type * as en from '../auditLog';

export const auditLogTexts: Translation<typeof en.auditLogTexts> = {
  title: '', // Audit log
  description: '', // Who changed what, and when. The log contains the names of the changed fields, never their values, and cannot be edited.
  download: '', // Download CSV
  resource: '', // What
  action: '', // Action
  from: '', // From
  to: '', // To
  onlyBy: '', // Only by {name}
  showOnlyBy: '', // Show only the changes by {name}
  clear: '', // Clear filters
  empty: '', // No entries yet
  emptyFiltered: '', // No entries match
  fields: '', // Fields: {names}
  actors: {
    master: '', // Operator
    business: '', // Business key
    turn: '', // Assistant
    anonymous: '', // Not signed in
  },
  unknownUser: '', // Deleted account
  actions: {
    create: '', // Created
    update: '', // Changed
    delete: '', // Deleted
    accept: '', // Accepted
    sign_in: '', // Signed in
    pause: '', // Paused
    resume: '', // Resumed
    take_over: '', // Took over
    release: '', // Handed back
    complete: '', // Closed
    copy: '', // Copied
    test: '', // Tested
    resend: '', // Sent again
    download: '', // Downloaded
    apply_starter: '', // Used a starter
    export: '', // Exported
    merge: '', // Merged
    undo: '', // Undone
  },
  resources: {
    agent: '', // Agent
    api_key: '', // API key
    article: '', // Article
    business: '', // Business
    business_deletion: '', // Deletion of the business
    canned_reply: '', // Canned reply
    conversation: '', // Conversation
    event_property_schema: '', // Event schema
    export: '', // Export
    hook: '', // Hook
    import: '', // Import
    invitation: '', // Invitation
    member: '', // Member
    order: '', // Order
    product: '', // Product
    secret: '', // Secret
    session: '', // Session
    stage: '', // Stage
    template: '', // Template
    user: '', // Customer or account
    variable: '', // Variable
    webhook: '', // Webhook
    webhook_delivery: '', // Webhook delivery
  },
};
