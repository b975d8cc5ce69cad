import type { Translation } from '../../translate';
import type * as en from '../templates';

export const templates: Translation<typeof en.templates> = {
  title: '', // Templates
  description: '', // The prompts sent to the model. Each stage uses three of them.
  new: '', // New template
  empty: '', // No templates yet
  emptyHint: '', // Each new stage comes with its own three templates.
  emptyFiltered: '', // No matching templates
  type: '', // Type
  types: {
    stage_selection: '', // Stage selection
    data_extraction: '', // Data extraction
    response_generation: '', // Response generation
    conversation_summary: '', // Conversation summary
    default_stage_selection: '', // Default: stage selection
    default_data_extraction: '', // Default: data extraction
    default_response_generation: '', // Default: response generation
    default_conversation_summary: '', // Default: conversation summary
  },
  shared: '', // Shared
  sharedBy: '', // Several stages use this template: {names}. Changes apply to all of them.
  sharedWith: '', // Other stages use this template too: {names}. Changes apply to them as well.
  withoutStage: '', // Not used by a stage
  unknownCount: '', // {n, plural, one {# unknown variable} other {# unknown variables}}
  defaults: '', // Platform defaults
  defaultsHint: '', // Used where your own template is empty. Only operators can change them.
  editor: '', // Edit template
  defaultOfAll: '', // This is a platform default. New stages start with it. A change affects the next message of every business whose own template is empty.
  readOnly: '', // This is a platform default. You can view and preview it; only operators can change it.
  systemPrompt: '', // System prompt
  systemPromptHint: '', // Describes the model’s role and rules.
  content: '', // Content
  contentHint: '', // The instructions for this message. Type '{' to insert a variable.
  contentEmpty: '', // Empty: the platform default of this type is used.
  suggestions: '', // Variables
  suggestionsHint: '', // {n, plural, one {# matching variable} other {# matching variables}}. Use the arrow keys to choose and Enter to insert.
  unknown: '', // Unknown: {names}. It stays blank unless information with that name is collected.
  unknownSecret: '', // Unknown: {names}. There is no secret with this name.
  secretNotUsable: '', // {names} stays blank: secrets work only in calls to other systems.
  insert: '', // Insert variable
  insertInto: '', // Insert variable into {label}
  preview: '', // Preview
  previewWith: '', // Preview with
  previewValues: '', // Custom values
  previewNone: '', // No conversations yet. Enter custom values.
  previewThis: '', // The chosen conversation
  previewMessage: '', // Message
  previewMessageHint: '', // The values are those that were known when this message was answered.
  previewMissing: '', // No value for {names}.
  previewUnavailable: '', // Not available in this preview: {names}. Choose an answered message to see the values.
  previewValue: '', // Value of {name}
  previewNoVariables: '', // This template uses no variables.
  received: '', // What the model receives
  rendered: '', // Rendered prompt
  customerMessage: '', // Customer’s message
  applyDefault: '', // Reset to default
  applyDefaultTitle: '', // Replace this template with the platform default?
  applyDefaultBody: '', // The current text stays available under Versions.
  applyDefaultUnsaved: '', // Your unsaved changes will be lost.
  applied: '', // Reset to the default.
  versions: '', // Versions
  versionsHint: '', // Each save creates a new version.
  current: '', // current
  restore: '', // Restore
  restored: '', // Version {n, number} was restored.
  compare: '', // Version {n, number} compared with the editor
  noDifference: '', // No differences.
  linesLeftOut: '', // … {n, plural, one {# unchanged line} other {# unchanged lines}}
  modelSettings: '', // Model settings
  modelSettingsHint: '', // Leave empty to use the settings of the business.
  model: '', // Model
  temperature: '', // Temperature
  temperatureHint: '', // From 0 (most consistent) to 2 (most varied).
  maxTokens: '', // Maximum tokens
  historyTokens: '', // History tokens
  historyTokensHint: '', // Maximum length of each history variable. Leave empty for 3,000.
  timeout: '', // Timeout (seconds)
  fallbackModel: '', // Fallback model
  numberInvalid: '', // Enter a number from {min, number} to {max, number}.
  integerInvalid: '', // Enter a whole number from {min, number} to {max, number}.
  delete: '', // Delete this template?
  deleteHint: '', // Templates that are used by a stage cannot be deleted.
  nameNeeded: '', // Enter a name for the template.
  create: '', // New template
  conflictTitle: '', // Someone else has changed this template
  conflictBody: '', // They saved while you were editing. Nothing is lost: your text is still in the editor, and theirs is kept under Versions.
  conflictKept: '', // Saving will replace their text with yours.
  savedTry: '', // Saved. The next message will use it.
  savedInRulesMode: '', // Saved. It will be used once a model is connected: in rules mode, stages answer with fixed replies.
};
