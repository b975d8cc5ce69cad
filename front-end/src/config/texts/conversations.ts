/** Texts of the conversation pages. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/conversations.ts'));

export const conversations = translate('conversations', {
  title: 'Conversations',
  description: 'What customers asked and how each answer was produced.',
  empty: 'No conversations yet',
  emptyHint: 'Conversations appear here when customers write. You can try it yourself in the playground.',
  emptyHintReadOnly: 'Conversations appear here when customers write.',
  emptyFiltered: 'No conversations match these filters',
  clearFilters: 'Clear filters',
  toChat: 'Open the playground',
  status: 'Status',
  statuses: { active: 'Active', paused: 'Paused', completed: 'Completed', error: 'Error' } as Record<string, string>,
  stage: 'Stage',
  handledBy: 'Handled by',
  handlers: { ai: 'Assistant', human: 'Person' } as Record<string, string>,
  search: 'Search messages and names',
  test: 'Test',
  senders: { assistant: 'Assistant', agent: 'Team' },
  started: 'Started {time}',
  detail: 'Conversation',
  with: 'Conversation with {name}',
  summary: 'Summary',
  noSummary: 'No summary yet. Longer conversations are summarised automatically.',
  collected: 'Collected information',
  noCollected: 'Nothing collected yet.',
  continue: 'Continue in the playground',
  noMessages: 'No messages yet',
  summaryParts: {
    overview: 'Overview',
    key_points: 'Key points',
    decisions: 'Decisions',
    pending_items: 'Open items',
    next_steps: 'Next steps',
    sentiment: 'Sentiment',
    confidence_score: 'Confidence',
  } as Record<string, string>,
});
