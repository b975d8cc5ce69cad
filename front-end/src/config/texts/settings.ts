import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/settings.ts'));

export const settings = translate('settings', {
  business: 'Business',
  description: 'What your assistant knows, and how it answers. Changes apply to the next message.',
  profile: 'Profile',
  profileHint:
    "Prompts contain these texts as '{business_info}', or one by one, such as '{business.address}'. The next reply uses what you enter here.",
  businessName: 'Name',
  businessNameNeeded: 'Enter a name.',
  profileFields: {
    business_description: {
      label: 'Description',
      hint: 'What the business offers, and what the assistant should know about it. Part of every reply’s prompt.',
    },
    address: { label: 'Address', hint: 'The assistant gives it to customers who ask where you are.' },
    phone_number: { label: 'Phone number', hint: 'The assistant gives it to customers who want to call.' },
    website: { label: 'Website', hint: 'The assistant gives it to customers who look for more.' },
  },
  hours: 'Opening hours and languages',
  hoursHint:
    "Prompts contain the opening hours as '{business_hours}' and both as part of '{business_info}'. While the business is closed, a reply that hands over to a person says when someone is back.",
  hoursLabels: {
    title: 'Opening hours',
    onlyThen: 'The business has opening hours',
    always: 'Prompts contain no opening hours, and people count as available at any time.',
  },
  languagesHint:
    'Empty: customers get replies in the language that they write in. Otherwise only in these languages, and in the first one if they write in another.',
  quietHours: 'Quiet hours',
  quietHoursHint:
    'At these times, the assistant does not write first. Messages that your systems send as the assistant wait until the quiet hours end. The times are those of the customer’s time zone, or of the business’s if the customer’s is not known. Replies do not wait.',
  keepsQuietHours: 'The assistant keeps quiet hours',
  quietTimes: { start: 'From', end: 'Until' },
  quietTimesInvalid: 'Enter two different times.',
  conversations: 'Conversations',
  conversationsHint: 'How the stage of a message is chosen, and when a new conversation starts.',
  startingStage: 'Starting stage',
  startingStageHint: 'Where a new conversation is until a message belongs to another stage.',
  firstStage: 'The first stage of the list',
  numbers: {
    confidence: {
      label: 'Minimum confidence (%)',
      hint: 'A stage is chosen only if the assistant is at least this certain; otherwise the conversation stays where it is. Stages can have a minimum of their own. Empty: 50.',
    },
    idle_minutes: {
      label: 'Idle time (minutes)',
      hint: 'After this time without messages, the next message starts a new conversation. Empty: 30.',
    },
    summary_messages: {
      label: 'Messages per summary',
      hint: 'After so many messages, the summary of the conversation is updated with the next reply. 0: never. Empty: 20.',
    },
  },
  numberInvalid: 'Enter a number from {min, number} to {max, number}, or nothing.',
  integerInvalid: 'Enter a whole number from {min, number} to {max, number}, or nothing.',
  ownTexts: {
    handover_message: {
      label: 'Text when a person will answer',
      hint: 'Sent when the assistant hands over without a reply of its own. Can contain variables. Empty: a standard text in the language of the message.',
    },
    clarifying_question: {
      label: 'Question about an unclear message',
      hint: 'Sent without a model, if a message belongs to no stage. Can contain variables. Empty: a standard text in the language of the message.',
    },
  },
  modelPage: 'Model',
  modelPageHint: 'Which language model answers the next message, and how.',
  model: 'Language model',
  modelHint:
    'Prompts go to this model, unless a template names another one. The steps of each reply show which model has answered.',
  servers: {
    platform: { title: 'The model of this platform', hint: 'The operator of the platform provides it.' },
    own: {
      title: 'Your own model server or account',
      hint: 'Prompts go to a server with an OpenAI-compatible API, with your key. It must be reachable from the internet.',
    },
  },
  noPlatformModel: 'This platform has no model, so rules answer.',
  modelName: 'Model',
  modelNameHint: 'Empty: {byDefault}.',
  noDefaultModel: 'This platform has no model.',
  allowedModelHint: 'The operator of the platform allows these models.',
  modelRefused: 'The operator no longer allows {name}. {byDefault} answers instead.',
  defaultModel: 'Default ({name})',
  ownModelHint: 'The name of a model that the server has. Templates can name others.',
  serverUrl: 'URL',
  serverUrlHint: 'The base URL, such as https://api.openai.com/v1.',
  serverKey: 'API key',
  keyHint: 'Sent to this server only. It is stored as a secret and never shown again. Empty: no key.',
  keyStored: 'This server gets the key in the secret “{name}”. Enter another one to replace it.',
  keyTooShort: 'A key has at least {length, plural, one {# character} other {# characters}}.',
  withoutKey: 'Use no key',
  modelNumbers: {
    temperature: {
      label: 'Temperature',
      hint: 'From 0 (the same words each time) to 2 (varied). Empty: the default of the model.',
    },
    max_tokens: {
      label: 'Maximum length (tokens)',
      hint: 'Longer answers are cut off. Empty: the default of the model.',
    },
    timeout: { label: 'Time limit (seconds)' },
  },
  timeoutHint:
    'After this time, a call fails and is repeated. If it keeps failing, the fixed reply of the stage is sent. Empty: {seconds, number}.',
  images: 'The model accepts images',
  imagesHint:
    'The assistant then sees the images that customers send in channels, up to three per message. Otherwise it answers that it cannot see them.',
  test: 'Test',
  tested: '{model} answered in {duration}:',
  testFailed: '{model} did not answer:',
  pause: 'Pause the assistant',
  pauseHint:
    'While the assistant is paused, it does not answer customers. Their messages wait in the inbox for your team.',
  pauseSwitch: 'Pause the assistant for the whole business',
  pauseTitle: 'Pause the assistant?',
  pauseBody:
    'It stops answering in all conversations at once, also in those that it is answering right now. Your team can answer in the inbox. Messages that arrive during the pause wait for a person.',
  pauseConfirm: 'Pause',
  pausedNow: 'The assistant is paused.',
  resumedNow: 'The assistant answers again.',
  handover: 'When a person takes over',
  handoverHint:
    'The assistant hands a conversation over to your team in these cases, and in stages of human agents. It does not answer again until someone hands the conversation back.',
  handoverRules: {
    needs_person: 'The reply says that a person will answer',
    low_confidence: 'The stage was uncertain twice in a row',
    failed_lookups: 'Looking something up failed or found nothing twice in a row',
  },
  keywords: 'Keywords',
  keywordsHint: 'One per line. A message that contains one of them as whole words goes to a person at once.',
  agents: 'Agents',
  agentsHint:
    'Stages can be assigned to agents. Conversations in the stages of a human agent are assigned to its members in turn.',
  noAgents: 'No agents yet.',
  newAgent: 'New agent',
  editAgent: 'Edit “{name}”',
  deleteAgent: 'Delete “{name}”',
  deleteAgentTitle: 'Delete “{name}”?',
  deleteAgentHint: 'Stages that list other agents too keep those. Other stages have no agent afterwards.',
  agentNameNeeded: 'Enter a name.',
  agentType: 'Type',
  agentTypes: { human: 'Human', ai: 'Assistant' },
  humanWith: 'Human, {n, plural, =0 {no members} one {# member} other {# members}}',
  members: 'Members',
  membersHint: 'New conversations go to each of them in turn.',
  noMembers: 'This business has no members with the role agent or owner yet.',
  writable: 'What actions may change',
  writableHint:
    'Actions of stages can change these fields of the customer who writes, and of this customer’s own orders. Fields that are not selected never change.',
  writableOwners: { orders: 'Orders', customer: 'Customer' },
  writableEmail: 'Other systems may find the customer by this address. Let actions that change it ask first.',
  speculation: 'Speed and cost of replies',
  speculationHint:
    'To answer a message, ICMP asks the model three questions: which stage the message belongs to, which information it contains, and what to reply. It can ask the next question before it knows the previous answer. That is faster, but an answer that turns out not to fit is discarded and still costs money. Customers never see any of it. The steps of each reply show what this has saved and cost.',
  modes: {
    off: {
      title: 'One question at a time',
      hint: 'The slowest and cheapest. A reply waits for three answers of the model.',
    },
    extraction: {
      title: 'Stage and information together',
      hint: 'A reply waits for two answers of the model. If the stage changes, one answer is discarded. This is the default.',
    },
    full: {
      title: 'All three together, when the stage is unlikely to change',
      hint: 'Many replies wait for one answer of the model. ICMP prepares the reply early if the conversation was already in its stage and the message is close to it. The reply is discarded if the stage changes, or if the message contains new information that it needs. ICMP prepares no early reply in a stage that has actions, that still needs required information, or that looks something up by information from the message.',
    },
  },
});
