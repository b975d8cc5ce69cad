/** Texts of the LLM call pages. */

import { count } from './common';

export const llmCalls = {
  title: 'LLM calls',
  description: 'Every request to a language model, with its duration and cost.',
  empty: 'No calls yet',
  emptyHint: 'Calls appear here when the model answers messages.',
  emptyFiltered: 'No calls match these filters',
  step: 'Step',
  status: 'Status',
  statuses: { completed: 'Completed', failed: 'Failed' } as Record<string, string>,
  time: 'Time',
  model: 'Model',
  latency: 'Duration',
  tokens: 'Tokens',
  cost: 'Cost',
  open: (time: string) => `Open the call at ${time}`,
  detail: 'LLM call',
  prompt: 'Prompt',
  answer: 'Answer',
  noAnswer: 'The call failed without an answer.',
  parsed: 'Parsed answer',
  settings: 'Request settings',
  firstToken: 'First token',
  attempt: 'Attempt',
  template: 'Template',
  turn: 'Turn',
  openTurn: 'Open the turn',
  openTurnOf: (time: string) => `Open the turn of the call at ${time}`,
  openConversation: 'Open the conversation',
  loaded: (n: number, more: boolean) => `${count(n, 'call', 'calls')}${more ? ' loaded so far' : ''}`,
} as const;
