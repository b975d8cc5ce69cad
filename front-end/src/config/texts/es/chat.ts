import type { Translation } from '../../translate';
import type * as en from '../chat';

export const chat: Translation<typeof en.chat> = {
  title: '', // Playground
  description: '', // Write as a test customer and see how the assistant arrives at its answers.
  customer: '', // Test customer
  chooseCustomer: '', // Choose a test customer
  customerSince: '', // created {date}
  newCustomer: '', // New test customer
  createCustomer: '', // New test customer
  you: '', // You
  youTest: '', // (test)
  writeAsYou: '', // Write as “You (test)”
  firstName: '', // First name
  lastName: '', // Last name
  externalId: '', // External ID
  externalIdHint: '', // Optional. The customer’s ID in your shop or CRM.
  nameNeeded: '', // Enter a name or an external ID.
  empty: '', // No messages yet
  emptyHint: '', // Write a message as this customer.
  emptyNoCustomer: '', // Choose a test customer to start
  emptyNoCustomerHint: '', // Choose or create a test customer above, then write a message as that customer. Test conversations do not count in statistics.
  emptyNoCustomerHintAgent: '', // Choose a test customer above, then write a message as that customer.
  emptyNoCustomerHintViewer: '', // Choose a test customer above, then one of their conversations.
  readOnly: '', // You have read-only access. Agents and owners can send messages.
  noStages: '', // There are no stages yet
  noStagesHint: '', // The assistant needs at least one stage to answer messages.
  noStagesHintReadOnly: '', // An owner of this business can set up the first one.
  message: '', // Message
  messagePlaceholder: '', // Write as the customer…
  sendHint: '', // Press Enter to send, Shift+Enter for a new line
  send: '', // Send
  stop: '', // Stop waiting
  answering: '', // Answering…
  why: '', // Why?
  whyThisAnswer: '', // Why this answer: {text}
  flowTitle: '', // Why this answer
  flowEmpty: '', // Send a message, or select “Why?” next to an answer, to see the steps behind it.
  earlier: '', // Show earlier messages
  loadingEarlier: '', // Loading earlier messages…
  askAgain: '', // Ask again
  tryAgainHint: '', // Continue after the last completed step
  askAgainHint: '', // The same message is asked in a copy of the conversation that ends before it, so you can compare the answers after a change. The conversation itself stays as it is.
  answerBefore: '', // Answer so far
  answerNow: '', // Answer now
  askOnceMore: '', // Ask once more
  openCopy: '', // Open the copy
  continueAsCopy: '', // Continue as a copy
  copyHint: '', // Creates a test copy of this conversation in the playground
  realCustomer: '', // {name} is a real customer. You can only write as test customers.
  held: '', // A person is handling this conversation. The message was saved for them and the assistant will not answer.
  failed: '', // Not answered
  log: '', // Conversation
  openFlow: '', // Show why
  showAll: '', // Show all {n, plural, one {# character} other {# characters}}
  showLess: '', // Show less
  conversation: '', // Conversation
  newConversation: '', // New conversation
  currentConversation: '', // This conversation
};
