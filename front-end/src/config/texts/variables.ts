/** Texts of the variables page. */

export const variables = {
  title: 'Variables',
  description: 'Values that templates can use. For example, {user_name} becomes the customer’s name.',
  own: 'Custom',
  ownHint: 'Values that you define once and use in any template, such as opening hours.',
  ownEmpty: 'No custom variables yet.',
  builtIn: 'Built-in',
  new: 'New variable',
  value: 'Value',
  example: 'Example',
  aliases: 'Aliases',
  fields: 'Fields',
  nameHint: 'For example, “Opening hours” is used as {opening_hours}.',
  nameNeeded: 'Enter a name.',
  edit: (name: string) => `Edit ${name}`,
  delete: (name: string) => `Delete ${name}`,
  deleteTitle: (name: string) => `Delete {${name}}?`,
  deleteHint: 'Templates that use it will show a blank instead.',
  noMatch: 'No matching variables.',
  copyName: (name: string) => `Copy {${name}}`,
} as const;
