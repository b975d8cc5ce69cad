import type { Translation } from '../../translate';
import type * as en from '../stages';

export const stages: Translation<typeof en.stages> = {
  title: '', // Stages
  description: '', // Topics your assistant handles. Each message is assigned to one stage, whose templates produce the answer.
  new: '', // New stage
  empty: '', // No stages yet
  emptyHint: '', // A stage is one kind of request, such as Greeting or Order help. Setting up the first one takes a minute.
  emptyHintReadOnly: '', // A stage is one kind of request, such as Greeting or Order help. Owners can create stages.
  setUp: '', // Set up the first stage
  menuOf: '', // Actions for {name}
  duplicate: '', // Duplicate
  duplicated: '', // Duplicated. The copy is inactive until you activate it.
  disable: '', // Deactivate
  enable: '', // Activate
  disabled: '', // {name} is inactive. New messages go to other stages.
  enabled: '', // {name} is active.
  move: '', // Move {name}
  moveHint: '', // Drag to change the order, or press the arrow keys
  moved: '', // {name} is now stage {n, number} of {total, number}.
  isDefault: '', // Default
  detail: '', // Stage
  editorNew: '', // New stage
  saved: '', // Saved. The next message uses it.
  savedWithStage: '', // Saved together with the stage.
  tryIt: '', // Try it
  tryHint: '', // Write as a test customer. The message is answered as any other, so you see whether this stage is chosen.
  tryUnsaved: '', // Your changes have not been saved. Messages are answered without them.
  thisStage: '', // This stage
  otherStage: '', // Other stage: {name}
  nameHint: '', // Short and clear, such as “Order help”.
  descriptionHint: '', // One sentence: which messages belong here? The model reads it.
  type: '', // Category
  typeHint: '', // Your own label for grouping stages.
  agent: '', // Agent
  isActive: '', // Active
  isActiveHint: '', // Only active stages receive messages.
  threshold: '', // Minimum confidence
  thresholdHint: '', // From 0 to 1. Below it, the conversation stays in its current stage. Leave empty for the business default.
  position: '', // Position
  positionHint: '', // Stages are listed in this order.
  examples: '', // Example messages
  examplesHint: '', // One per line: messages that belong to this stage.
  fixedReply: '', // Fixed reply
  fixedReplyTranslations: '', // Fixed reply in other languages
  fixedReplyUsedHint: '', // No model is connected, so customers receive this text. You can use variables.
  fixedReplyHint: '', // Sent in rules mode and when the model is unavailable. You can use variables.
  sectionBasics: '', // Essentials
  sectionSteps: '', // Steps of an answer
  stepHints: {
    stage_selection: '', // Decides whether a message belongs to this stage or to another one.
    data_extraction: '', // Finds the information to collect in the customer’s message.
    response_generation: '', // Looks up data, carries out actions and writes the reply.
  },
  sectionTemplate: '', // Template
  templateOf: '', // {step}: template
  promptText: '', // Text
  templateOfNewStage: '', // The stage gets a copy of the platform default. You can edit it here after the stage has been created.
  templateDirty: '', // The present template has unsaved changes. Save them before you choose another one.
  notUsedByRules: {
    stage_selection: '', // No model is connected, so this template is not used: stages are matched by their names, descriptions and example messages.
    data_extraction: '', // No model is connected, so this template is not used: information is recognised by its pattern, type or allowed values.
    response_generation: '', // No model is connected, so this template is not used: the fixed reply is sent.
  },
  sectionAdvanced: '', // Advanced
  sectionPatterns: '', // Patterns
  patternOf: '', // Pattern of {name}
  fieldGrounded: 'حفظ {name} فقط إذا كتبه العميل',
  fieldsAreJson: '', // These fields are edited as JSON Schema under “Advanced”.
  sectionExtraction: '', // Information to collect
  collects: '', // Collects {fields}
  oneOf: '', // One of: {values}
  requiredField: '', // {name} · required
  sectionRetrieval: '', // Data look-up
  sectionPrompts: '', // Templates
  sectionReply: '', // Reply
  sectionReplyWithoutModel: '', // Reply without a model
  fieldsHint: '', // What should be extracted from the customer’s messages? Leave empty to let the model record whatever it finds.
  field: '', // Field
  fieldName: '', // Field name
  fieldType: '', // Type
  fieldTypes: {
    string: '', // Text
    number: '', // Number
    integer: '', // Whole number
    boolean: '', // Yes or no
  },
  fieldRequired: '', // Required
  fieldPatternHint: '', // Optional regular expression, such as ^[A-Z]-[0-9]'{5}'$
  fieldPatternInvalid: '', // This is not a valid regular expression. Leave empty to allow any text.
  patternInvalid: '', // The pattern of “{name}” is not a valid regular expression.
  schemaInvalid: '', // These fields cannot be saved: {why}
  fieldChoices: '', // Allowed values
  fieldChoicesHint: '', // Optional, one per line. Leave empty to allow any text.
  fieldDescription: '', // Description
  addField: '', // Add field
  removeField: '', // Remove field {name}
  unnamedField: '', // (unnamed)
  asJson: '', // Edit as JSON Schema
  jsonSchema: '', // JSON Schema
  asForm: '', // Edit as form
  formUnsupported: '', // The form does not support everything in this schema, so it is shown as JSON.
  jsonInvalid: '', // This is not valid JSON.
  fieldNameNeeded: '', // Each field needs a unique name.
  retrieval: '', // Method
  retrievals: {
    none: '', // No look-up
    prompt_user: '', // Ask the customer for missing information
    database_query: '', // Look in your records
    api_call: '', // Call another system
  },
  retrievalHints: {
    none: '', // The reply uses only what the customer has written.
    prompt_user: '', // If required information is missing, the reply asks for it.
    database_query: '', // The reply can use what is found: the customer’s own orders or profile, or your products.
    api_call: '', // Sends a request before each reply in this stage. The reply can use the response.
  },
  retrievalJson: '', // Data look-up as JSON
  retrievalSource: '', // Records
  retrievalSources: {
    orders: '', // the customer’s orders
    products: '', // your products
    customer: '', // the customer’s profile
  },
  retrievalField: '', // Field
  retrievalEquals: '', // Equals
  retrievalCondition: '', // Where {field} is
  retrievalConditions: '', // Conditions
  conditionsHint: '', // Only records that match all of these are found.
  noConditionsHint: '', // Without a condition, up to 20 records are found.
  retrievalAsk: '', // Reply when a value is missing
  retrievalAskHint: '', // Optional. With a model, the reply is based on this text; in rules mode it is sent as it is.
  retrievalNotFound: '', // Reply when nothing is found
  retrievalNotFoundHint: '', // Optional, used in the same way.
  retrievalPrompt: '', // Question to the customer
  retrievalPromptHint: '', // Optional. Asked while required information is missing.
  addCondition: '', // Add condition
  removeCondition: '', // Remove the condition on {field}
  actions: '', // Actions
  valueNeeded: '', // Enter a value.
  objectInvalid: '', // This is not a valid JSON object.
  editAsJson: '', // Edit as JSON
  formCannotShow: '', // The form cannot show everything in this JSON.
  notSaved: '', // Not saved. Correct the fields that are marked.
  notSavedIn: '', // Not saved. Correct the errors under {sections}.
  defaultTemplateCopy: '', // A copy of the platform default
  openTemplate: '', // Open this template
  open: '', // Open
  templateTypes: {
    stage_selection: '', // Selection
    data_extraction: '', // Extraction
    response_generation: '', // Response
  },
  noExamples: '', // No example messages.
  noFields: '', // Whatever the model finds.
  delete: '', // Delete this stage?
  deleteHint: '', // Its templates are kept.
  deleteReassign: '', // Some conversations are in this stage. Choose a stage to move them to.
  reassign: '', // Move conversations to
  nameNeeded: '', // Enter a name for the stage.
  thresholdInvalid: '', // Enter a number from 0 to 1.
  positionInvalid: '', // Enter a whole number, 0 or greater.
  conflictTitle: '', // Someone else has changed this stage
  conflictBody: '', // They saved while you were editing. Your changes are kept; fields you did not change show their values.
  conflictBoth: '', // You both changed:
};

export const stageMap: Translation<typeof en.stageMap> = {
  title: '', // Map
  description: '', // How conversations move between stages. Select a stage to see where they come from and where they go.
  includeTests: '', // Include test conversations
  empty: '', // No messages yet
  emptyHint: '', // The map appears once customers have written. It can also show test conversations.
  start: '', // Start of the conversation
  messages: '', // {n, plural, one {# message} other {# messages}}
  counted: '', // {n, plural, one {# answered message} other {# answered messages}} since
  transitions: '', // Transitions
  transitionsOf: '', // From and to {name}
  noTransitions: '', // No message has reached this stage.
  moved: '', // {from} → {to}
  stayed: '', // {name}: stays
  share: '', // {n, number} · {share, number, ::percent}
  open: '', // Open this stage
};
