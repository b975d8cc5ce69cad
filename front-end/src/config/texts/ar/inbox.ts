import type { Translation } from '../../translate';
import type * as en from '../inbox';

export const inbox: Translation<typeof en.inbox> = {
  title: '', // Inbox
  list: '', // Conversations
  searchHint: '', // Search messages and names
  clearSearch: '', // Clear search
  views: {
    all: '', // All
    mine: '', // Mine
    unassigned: '', // Unassigned
    waiting: '', // Waiting
    needs_person: '', // Needs a person
    snoozed: '', // Snoozed
  },
  viewsLabel: '', // Filter
  clearTag: '', // Show conversations with any tag
  tagFilter: '', // Tag: {tag}
  filterByTag: '', // Show conversations with the tag {tag}
  filterOrRemoveTag: '', // Show conversations with the tag {tag}. Press Delete to remove it.
  sorts: {
    latest: '', // Latest first
    waiting: '', // Longest waiting first
  },
  options: '', // Inbox options
  unnamedCustomer: '', // Unnamed customer
  emptyHint: '', // Conversations appear here when customers write.
  empty: {
    all: '', // No conversations yet
    mine: '', // Nothing is assigned to you
    unassigned: '', // Every conversation is assigned
    waiting: '', // Nobody is waiting
    needs_person: '', // No conversation needs a person
    snoozed: '', // Nothing is snoozed
  },
  emptySearch: '', // No conversations match
  chooseConversation: '', // Choose a conversation
  chooseConversationHint: '', // Press j and k to move through the list, and Enter to open a conversation.
  backToList: '', // Back to the list
  draft: '', // Draft:
  you: '', // You
  assistant: '', // Assistant
  customer: '', // Customer
  staff: '', // Team
  unread: '', // {n, plural, one {# unread message} other {# unread messages}}
  waitingFor: '', // Waiting for {duration}
  durations: {
    minutes: '', // {n, plural, =0 {< 1 min} one {# min} other {# min}}
    hours: '', // {n, plural, one {# h} other {# h}}
    days: '', // {n, plural, one {# day} other {# days}}
  },
  assignedTo: '', // Assigned to {name}
  closed: '', // Closed
  paused: '', // Paused
  snoozedUntil: '', // Snoozed until {time}
  needsPerson: '', // Needs a person
  reasons: {
    person: '', // A colleague took over.
    stage: '', // The stage is handled by people.
    needs_person: '', // The assistant asked for a person.
    low_confidence: '', // The assistant was unsure twice in a row.
    keyword: '', // The customer used one of your keywords.
    lookup_failed: '', // A look-up failed twice in a row.
    action: '', // An action of the stage handed the conversation over.
    action_failed: '', // An action of the stage failed.
    unclear: '', // The assistant did not understand the message twice in a row.
    turn_failed: 'لم يتمكن المساعد من الرد على رسالة رغم عدة محاولات.',
  },
  conversation: '', // Conversation
  thread: '', // Messages
  today: '', // Today
  yesterday: '', // Yesterday
  noteBy: '', // Note by {name}
  myNote: '', // Your note
  noteOnly: '', // only your team can see this
  waitingMessage: '', // Waiting
  unansweredByChoice: '', // Left unanswered
  handler: {
    ai: '', // The assistant is answering
    aiBusy: '', // The assistant is writing a reply…
    waitsForYes: '', // Waiting for a yes or no
    me: '', // You are answering
    colleague: '', // {name} is answering
    nobody: '', // A person must answer. Nobody is assigned yet.
    paused: '', // The assistant is paused in this conversation
    pausedMine: '', // You are answering. The assistant is paused.
    businessPaused: '', // The assistant is paused for the whole business
    closed: '', // This conversation is closed. The customer’s next message starts a new one.
  },
  takeOver: '', // Take over
  takenOver: '', // You are answering now. The assistant writes nothing until you hand back.
  takenOverUnassigned: '', // The assistant writes nothing until someone hands back.
  handBack: '', // Hand back
  pause: '', // Pause the assistant
  pauseShort: '', // Pause
  pausedDone: '', // The assistant is paused in this conversation.
  resume: '', // Resume the assistant
  resumeShort: '', // Resume
  close: '', // Close conversation
  closedDone: '', // Conversation closed.
  snooze: '', // Snooze
  unsnooze: '', // End snooze
  snoozedDone: '', // Snoozed until {time}.
  unsnoozed: '', // The conversation is back in the inbox.
  snoozeOptions: {
    hour: '', // In one hour
    evening: '', // This evening
    tomorrow: '', // Tomorrow morning
    week: '', // Next Monday
    custom: '', // Choose a time…
  },
  snoozeTime: '', // Until
  snoozeInPast: '', // Choose a time in the future.
  assignToMe: '', // Assign to me
  assignedDone: '', // Assigned to {name}.
  unassignedDone: '', // Nobody is assigned now.
  unassigned: '', // Nobody
  moreActions: '', // More actions
  openInArchive: '', // Open the full record
  takeOverDialog: '', // {name} is handling this conversation
  takeOverDialogBody: '', // If you take over, the conversation is assigned to you and your colleague sees that you answer.
  takeOverAnyway: '', // Take over anyway
  unnamedColleague: '', // A colleague
  handBackDialog: '', // Hand back to the assistant?
  handBackBody: '', // The assistant answers the customer from now on. It knows everything that was written meanwhile.
  handBackNothing: '', // No message is waiting. The assistant answers the customer’s next message.
  resumeDialog: '', // Resume the assistant?
  answerLast: '', // Answer the last messages
  answerLastHint: '', // {n, plural, one {# message is} other {# messages are}} waiting. The assistant answers now.
  answerAgainHint: '', // You have answered them. The assistant answers once more.
  answerNone: '', // Leave them unanswered
  answerNoneHint: '', // The assistant waits for the customer’s next message.
  handedBack: '', // The assistant is answering again.
  closeDialog: '', // Close this conversation?
  closeDialogBody: '', // The customer’s next message starts a new conversation. Messages that wait stay unanswered.
  reply: '', // Reply
  note: '', // Note
  composer: '', // Write to the customer
  composerKind: '', // Kind of message
  replyPlaceholder: '', // Reply to the customer…
  takeOverPlaceholder: '', // Write a reply to take over from the assistant…
  takeOverFromPlaceholder: '', // Write a reply to take over from {name}…
  notePlaceholder: '', // Write a note for your team. Customers never see it.
  send: '', // Send
  takeOverAndSend: '', // Take over and send
  addNote: '', // Add note
  sending: '', // Sending…
  sendHint: '', // Enter sends, Shift+Enter starts a new line, / inserts a canned reply
  noteHint: '', // Enter adds the note, Shift+Enter starts a new line
  sendFailed: '', // The message was not sent
  readOnly: '', // You can read this conversation. Agents and owners can answer it.
  canned: '', // Canned replies
  cannedButton: '', // Insert a canned reply
  cannedNone: '', // No canned reply matches
  cannedEmpty: '', // There are no canned replies yet
  cannedMissing: '', // No value for {names}. Check the text before you send it.
  cannedFailed: '', // The canned reply could not be inserted
  cannedHint: '', // {n, plural, one {# canned reply} other {# canned replies}}. Use the arrow keys, then Enter.
  typing: '', // {n, plural, one {{names} is typing…} other {{names} are typing…}}
  viewing: '', // {n, plural, one {{names} is also here} other {{names} are also here}}
  details: '', // Details
  closeDetails: '', // Close details
  assignee: '', // Assigned to
  tags: '', // Tags
  addTag: '', // Add a tag
  noTags: '', // No tags
  facts: '', // Collected information
  factsValues: '', // Collected values
  noFacts: '', // Nothing collected yet
  orders: '', // Orders
  noOrders: '', // No orders
  summary: '', // Summary
  history: '', // Who answered
  noHistory: '', // Only the assistant so far
  takeover: '', // {who} took over
  takeoverFrom: '', // {who} took over from {from}
  assignedByPerson: '', // {who} assigned it to {to}
  unassignedByPerson: '', // {who} removed the assignee
  assignedByRule: '', // Assigned to {who}
  handedToTeam: '', // Handed to your team
  takeoverWritten: '', // {n, plural, one {# message} other {# messages}}
  takeoverEnded: {
    last: '', // handed back with an answer
    none: '', // handed back
  },
  takeoverOpen: '', // until now
  explanation: '', // Last answer
  noExplanation: '', // The assistant has not answered yet
  hideExplanation: '', // Hide the explanation
  contact: {
    email: '', // Email
    phone: '', // Phone
    language: '', // Language
    timezone: '', // Time zone
    external_id: '', // Your ID
    channel: '', // Channel
    since: '', // Customer since
  },
  alertSound: '', // Play a sound
  alertNotifications: '', // Show browser notifications
  alertsHint: '', // When one of your conversations, or an unassigned one, is waiting
  alertsBlocked: '', // Your browser blocks notifications for this site. Allow them in its settings.
  waitingNow: '', // {n, plural, one {# conversation is waiting} other {# conversations are waiting}}
  shortcuts: {
    title: '', // Keyboard shortcuts
    enabled: '', // Shortcuts with a single key
    next: '', // Next conversation
    previous: '', // Previous conversation
    open: '', // Open the conversation
    reply: '', // Reply
    note: '', // Write a note
    close: '', // Close the conversation
    escape: '', // Leave the text field, or go back to the list
    search: '', // Search
    palette: '', // Go to a page, a conversation or an action
    help: '', // Show this help
    canned: '', // Canned replies, at the start of a word
    send: '', // Send
    newLine: '', // New line
  },
};

export const palette: Translation<typeof en.palette> = {
  title: '', // Commands
  open: '', // Go to…
  placeholder: '', // Type a page, a customer, a stage or an action
  groups: {
    actions: '', // Actions
    pages: '', // Pages
    conversations: '', // Conversations
    stages: '', // Stages
  },
  none: '', // Nothing found
  results: '', // {n, plural, one {# result} other {# results}}
  searchFailed: '', // Conversations could not be searched
};
