import type { Translation } from '../../translate';
import type * as en from '../turn';

export const turn: Translation<typeof en.turn> = {
  steps: {
    selection: '', // Selection
    extraction: '', // Extraction
    retrieval: '', // Retrieval
    actions: '', // Actions
    response: '', // Response
    summary: '', // Summary
  },
  questions: {
    selection: '', // Which stage does the message belong to?
    extraction: '', // What information does it contain?
    retrieval: '', // What do your records say?
    actions: '', // Which actions are needed?
    response: '', // What should the reply be?
  },
  running: '', // Working…
  found: '', // Found {fields}.
  foundNothing: '', // No new information.
  skipped: '', // Not part of this turn
  noModel: '', // No model call
  discarded: '', // {reason} It was generated before the stage was known. {cost}
  discardedInstead: '', // Another result, generated before the stage was known, was discarded. {cost}
  cost: '', // It cost {dollars} ({tokens}).
  usage: '', // It used {tokens}.
  savedTime: '', // {duration} saved
  discardedCost: '', // {dollars} discarded
  failed: '', // Failed
  modelFailed: '', // Model failed
  modelFailedWith: '', // Model failed ({status})
  fixedReplySent: '', // {failure}, fixed reply sent
  failureCause: '', // {step}: {cause}
  status: {
    accepted: '', // Waiting
    running: '', // Answering
    completed: '', // Answered
    failed: '', // Not answered
    held: '', // Held for a person
  },
  engines: {
    model: '', // by the model
    rules: '', // by rules
    fallback: '', // by the fixed reply
  },
  tabs: {
    prompt: '', // Prompt
    variables: '', // Variables
    answer: '', // Answer
    result: '', // Result
  },
  roles: {
    system: '', // System
    user: '', // User
    assistant: '', // Assistant
  },
  noPrompt: '', // This step did not call a model.
  noVariables: '', // The prompt uses no variables.
  noValue: '', // No value
  historyBudget: '', // About {tokens, number} of at most {max, number} tokens{leftOut, plural, =0 {} one {; # older message was left out} other {; # older messages were left out}}
  callNumber: '', // Call {n, number} of {total, number}
  openCall: '', // Open this call
  otherStage: '', // Should be another stage
  otherStageHint: '', // The message is added to the example messages of the stage that you choose. Similar messages are then more likely to reach it.
  rightStage: '', // Right stage
  rightStageNeeded: '', // Choose a stage.
  example: '', // Example message
  exampleNeeded: '', // Enter the example message.
  addExample: '', // Add as example
  exampleAdded: '', // Added to the example messages of {name}.
  asFixedReply: '', // Use as fixed reply
  fixedReplyOf: '', // Fixed reply of {name}
  fixedReplyBefore: '', // Present fixed reply, which is replaced
  fixedReplySaved: '', // This is now the fixed reply of {name}.
  editTemplate: '', // Edit template
  openTemplate: '', // Open template
  editStage: '', // Edit stage
  openStage: '', // Open stage
  similarities: '', // Similarity to each stage
  noStage: '', // None of these
  passages: '', // Passages of your articles, and how close they are
  articles: '', // Based on
  loadFailed: '', // The steps of this answer could not be loaded
  attempts: '', // {n, plural, one {# attempt} other {# attempts}}
  attempt: '', // Attempt {n, number}
  discardedAttempt: '', // Attempt {n, number} (discarded)
  callError: '', // The call failed: {text}
  parsed: '', // Parsed answer
  raw: '', // Raw answer
  emptyAnswer: '', // The model returned an empty answer.
  emptyResult: '', // Empty.
  outputFields: {
    stage_name: '', // Stage
    named_stages: '', // Stages named by the model
    stated_confidence: '', // Confidence stated by the model
    fields: '', // Information
    quotes: '', // The customer’s words
    not_said: '', // Left out: not said by the customer
    missing: '', // Still missing
    problems: '', // Problems
    say: '', // Text from the stage
    data: '', // Data found
    status: '', // Status
    call: '', // Call
    request: '', // Request
    method: '', // Method
    url: '', // Address
    duration_ms: '', // Duration (ms)
    size: '', // Size (bytes)
    cause: '', // Cause
  },
  actions: {
    waiting: '', // Waiting for the customer’s answer: {name}
    failed: '', // Failed: {name} ({cause})
    notDone: '', // Not done: {name} ({cause})
    orderChanged: '', // Order {number} changed: {fields}
    customerChanged: '', // Customer changed: {fields}
    eventRecorded: '', // Event recorded: {type}
    fieldsSet: '', // Information set: {names}
    tagsChanged: '', // Tags: {tags}
    done: '', // Done: {name}
    lines: '', // Actions
    kinds: {
      update_order: '', // Change an order
      update_customer: '', // Change the customer’s profile
      api_call: '', // Call another system
      create_event: '', // Record an event
      set_field: '', // Set collected information
      tag: '', // Tag the conversation
      hand_over: '', // Hand over to a person
      complete: '', // Close the conversation
    },
    statuses: {
      done: '', // done
      failed: '', // failed
      skipped: '', // not done
      waiting: '', // waiting for the customer
    },
    causes: {
      missing_fields: '', // information is missing
      unclear: '', // the message was not understood
      unchanged: '', // the message contains nothing new for it
      condition: '', // its condition is not met
      waiting: '', // an earlier action waits for the customer
      earlier_failed: '', // an earlier action failed
      declined: '', // the customer said no
      unconfirmed: '', // the customer did not confirm it
      already_done: '', // it was done before with the same values
      held: '', // a person handles the conversation
      late: '', // a later message was already answered
      copy: '', // this is a copy of a conversation
      test_customer: '', // other systems are not called for test customers
      not_found: '', // the customer has no such order
      conflict: '', // another entry already has this value
      invalid_value: '', // the value is not valid
      not_writable: '', // the settings do not permit this change
      error: '', // an unexpected error
    },
    question: '', // Question to the customer
    missing: '', // Missing: {names}
    values: '', // Values of action {n, number}
    response: '', // Response
    call: '', // Call
    handsOver: '', // A person takes over.
  },
  retrievalStatuses: {
    none: '', // nothing to look up
    found: '', // found
    not_found: '', // not found
    missing: '', // a value is missing
    failed: '', // failed
  },
};
