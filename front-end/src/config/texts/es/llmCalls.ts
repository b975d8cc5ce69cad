import type { Translation } from '../../translate';
import type * as en from '../llmCalls';

export const llmCalls: Translation<typeof en.llmCalls> = {
  title: '', // LLM calls
  description: '', // Every request to a language model, with its duration and cost.
  empty: '', // No calls yet
  emptyHint: '', // Calls appear here when the model answers messages.
  emptyFiltered: '', // No calls match these filters
  step: '', // Step
  status: '', // Status
  statuses: {
    completed: '', // Completed
    failed: '', // Failed
  },
  time: '', // Time
  model: '', // Model
  latency: '', // Duration
  tokens: '', // Tokens
  cost: '', // Cost
  open: '', // Open the call at {time}
  detail: '', // LLM call
  prompt: '', // Prompt
  answer: '', // Answer
  answerText: '', // Text of the answer
  noAnswer: '', // The call failed without an answer.
  parsed: '', // Parsed answer
  settings: '', // Request settings
  firstToken: '', // First token
  attempt: '', // Attempt
  template: '', // Template
  turn: '', // Turn
  openTurn: '', // Open the turn
  openTurnOf: '', // Open the turn of the call at {time}
  openConversation: '', // Open the conversation
  calls: '', // {n, plural, one {# call} other {# calls}}
  loaded: '', // {n, plural, one {# call} other {# calls}} loaded so far
};
