import type { Translation } from '../../translate';
import type * as en from '../variables';

export const variables: Translation<typeof en.variables> = {
  title: '', // Variables
  description: '', // Values that templates can use. For example, '{user_name}' becomes the customer’s name.
  own: '', // Custom
  ownHint: '', // Values that you define once and use in any template, such as opening hours.
  ownEmpty: '', // No custom variables yet.
  builtIn: '', // Built-in
  new: '', // New variable
  createNamed: '', // Create {name}
  value: '', // Value
  example: '', // Example
  aliases: '', // Aliases
  fields: '', // Fields
  nameHint: '', // For example, “Opening hours” is used as '{opening_hours}'.
  nameNeeded: '', // Enter a name.
  valueNeeded: '', // Enter a value. Without one, templates would show a blank.
  noValue: '', // No value. Templates show a blank.
  edit: '', // Edit {name}
  delete: '', // Delete {name}
  deleteTitle: '', // Delete {name}?
  deleteHint: '', // Templates that use it will show a blank instead.
  noMatch: '', // No matching variables.
  copyName: '', // Copy {name}
};
