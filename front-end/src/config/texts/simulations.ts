/** Texts of the pages of simulations. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/simulations.ts'));

export const simulationTexts = translate('simulationTexts', {
  title: 'Simulations',
  description:
    'A language model plays a customer who talks to the assistant. Nothing of the conversation is stored except what you see here.',
  new: 'New simulation',
  empty: 'No simulations yet',
  emptyHint: 'Describe a customer and a goal, and see how the assistant copes.',
  persona: 'Who the customer is',
  personaHint: 'Also how the customer writes, for example: in a hurry, with short messages.',
  goal: 'What the customer wants',
  facts: 'What the customer knows',
  factsHint: 'Optional. One fact per line, such as “order number: A-10433”.',
  factsInvalid: 'Write each line as a name, a colon and a value.',
  needed: 'Enter a text.',
  maxTurns: 'Maximum number of messages',
  release: 'Who answers',
  draft: 'The design as edited now',
  live: 'The live design',
  start: 'Start',
  status: {
    waiting: 'Waiting',
    running: 'Running',
    finished: 'Finished',
    cancelled: 'Cancelled',
    failed: 'Failed',
  },
  goalReached: 'Goal reached',
  goalNotReached: 'Goal not reached',
  endedBy: {
    customer: 'The customer has ended the conversation.',
    handover: 'A person has taken over the conversation.',
    max_turns: 'The customer has written the maximum number of messages.',
  },
  conversation: 'Conversation',
  customer: 'Customer',
  assistant: 'Assistant',
  stage: 'Stage: {name}',
  known: 'Known: {fields}',
  noReply: 'No reply',
  spent: '{tokens, number} tokens, {cost}',
  unknownCost: 'unknown cost',
  createCase: 'Create test case',
  caseCreated: 'The test case is on the page Tests.',
});
