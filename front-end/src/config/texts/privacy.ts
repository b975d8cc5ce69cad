/** Texts of the page with the settings for privacy. Not part of `texts`: the first page does not need them. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/privacy.ts'));

export const privacyTexts = translate('privacyTexts', {
  title: 'Privacy',
  description: 'How long your data is kept, and what is removed from messages before they are stored.',
  retention: 'How long data is kept',
  retentionHint: 'What is older is deleted every hour. Customers, orders, products and articles are not deleted.',
  days: {
    messages: {
      label: 'Conversations (days)',
      hint: 'Conversations with all messages, counted from the last one. Empty: for an unlimited time.',
    },
    traces: {
      label: 'Steps of replies (days)',
      hint: 'How each reply was created: decisions and values of variables. Empty: as long as the conversation.',
    },
    calls: {
      label: 'Prompts and answers of models (days)',
      hint: 'Tokens, cost and times of the calls are kept. Empty: as long as the conversation.',
    },
    feedback: {
      label: 'Ratings (days)',
      hint: 'Ratings of replies and conversations, with their comments. Empty: as long as the conversation.',
    },
    events: {
      label: 'Events (days)',
      hint: 'Events of your website and servers. Empty: as long as the operator of this platform allows.',
    },
  },
  deleteTitle: 'Delete older data?',
  deleteBody:
    'Everything that is older than the new limits will be deleted within about an hour. This cannot be undone.',
  deleteConfirm: 'Save and delete',
  masking: 'What is removed from messages',
  maskingHint:
    'Messages of customers and of your team are stored without it, and models do not see it. It cannot be restored. What is stored already does not change.',
  cardNumbers: 'Replace card numbers by “[card number]”',
  cardNumbersHint:
    'Numbers with the first digits, the length and the check digit of a payment card. Other long numbers, such as tracking numbers, can look the same by chance.',
  patterns: 'Your own patterns',
  patternsHint:
    'What a pattern matches is replaced by its name in brackets. Patterns are regular expressions in the syntax of RE2.',
  patternName: 'Name',
  pattern: 'Pattern',
  addPattern: 'Add a pattern',
  removePattern: 'Remove the pattern “{name}”',
});
