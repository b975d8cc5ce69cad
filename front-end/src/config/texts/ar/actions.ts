import type { Translation } from '../../translate';
import type * as en from '../actions';

export const actions: Translation<typeof en.actions> = {
  hint: '', // What the assistant does after the look-up and before the reply, in this order. The reply can only claim what was done.
  empty: '', // No actions. The assistant only replies.
  add: '', // Add action
  json: '', // Actions as JSON
  listInvalid: '', // This is not a valid JSON list of actions, each with “do”.
  actionInvalid: '', // This is not a valid JSON object with “do”.
  actionJson: '', // Action as JSON
  editActionAsJson: '', // Edit this action as JSON
  editListAsJson: '', // Edit all actions as JSON
  heading: '', // {n, number}. {name}
  errorAt: '', // Action {n, number}: {text}
  up: '', // Move up: {name}
  down: '', // Move down: {name}
  remove: '', // Remove: {name}
  edit: '', // Edit: {name}
  moved: '', // {name} is now action {n, number} of {total, number}.
  removed: '', // {name} was removed.
  kind: '', // What to do
  kindHints: {
    update_order: '', // Only the customer’s own orders can be changed.
    create_event: '', // Adds an event to the events of your business.
    set_field: '', // Stores values as if the customer had said them.
    hand_over: '', // The assistant then waits until someone hands the conversation back.
    complete: '', // The customer’s next message starts a new conversation.
  },
  name: '', // Name
  nameHint: '', // Optional. In a few words, for the reply and the steps, such as “Change the delivery address”.
  values: '', // Values
  orderNumber: '', // Order number
  orderNumberHint: '', // Which order to change.
  field: '', // Field
  newValue: '', // New value
  addField: '', // Add field
  removeField: '', // Remove {field}
  notPermitted: '', // Actions may not change this field yet. Allow it in the settings.
  openSettings: '', // Open settings
  needsField: '', // Add at least one field to change.
  eventType: '', // Type of event
  eventTypeHint: '', // Such as address_changed.
  properties: '', // Properties
  propertiesHint: '', // Optional. Stored with the event.
  propertiesAsJson: '', // Edit properties as JSON
  setFields: '', // Information
  setFieldsHint: '', // The name of the information and its value.
  tagsToAdd: '', // Tags to add
  tagsToRemove: '', // Tags to remove
  tagsHint: '', // One per line.
  needsTag: '', // Enter a tag to add or to remove.
  valueNeeded: '', // Enter a value.
  callHint: '', // After a crash, the request may be sent again with the same Idempotency-Key header. The request is not sent for test customers: use “Try it”.
  when: '', // When
  whenFields: '', // Only if this information is known
  whenFieldsHint: '', // Information that the values or the question contain must be known in any case.
  whenNoFields: '', // This stage collects no named information. Add fields under “Information to collect”.
  notCollected: '', // {name} (not collected in this stage)
  conditions: '', // And only if
  condition: '', // Condition {n, number}
  conditionField: '', // Information
  operator: '', // Comparison
  operators: {
    is: '', // is
    is_not: '', // is not
    one_of: '', // is one of
    contains: '', // contains
    at_least: '', // is at least
    at_most: '', // is at most
    known: '', // is known
  },
  conditionValue: '', // Value
  oneOfHint: '', // One per line.
  addCondition: '', // Add condition
  removeCondition: '', // Remove condition {n, number}
  conditionJson: '', // Condition as JSON Schema
  conditionAsJson: '', // Edit condition as JSON Schema
  conditionProblems: {
    field: '', // Choose the information.
    value: '', // Enter a value.
    number: '', // Enter a number.
  },
  ask: '', // Ask the customer first
  question: '', // Question
  questionHint: '', // Nothing is done until the customer says yes. If the information changes, the assistant asks again.
  questionExample: '', // Shall I change the address of order '{order_number}' to '{shipping_address}'?
  questionNeeded: '', // Enter the question.
  onFailure: '', // If it fails
  onFailures: {
    continue: '', // Continue. The reply says that it failed.
    hand_over: '', // Hand over to a person
  },
  ifKnown: '', // if {n, plural, one {{names} is known} other {{names} are known}}
  underConditions: '', // under conditions
  asks: '', // asks first
  handsOver: '', // hands over if it fails
};
