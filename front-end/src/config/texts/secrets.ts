/** Texts of the secrets page. Not part of `texts`: the first page does not need them. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/secrets.ts'));

export const secretTexts = translate('secretTexts', {
  title: 'Secrets',
  description:
    "Keys and passwords of other systems. Look-ups and actions that call another system use them as '{secret.name}'. Values are stored encrypted and are never shown again.",
  new: 'New secret',
  empty: 'No secrets yet',
  emptyHint: 'Add the API key of another system, and use it in a stage that calls that system.',
  nameHint: 'Lower-case letters, digits and underscores, such as “crm_key”.',
  nameInvalid: 'Start with a lower-case letter, and use only lower-case letters, digits and underscores.',
  value: 'Value',
  valueHint: 'At least 8 characters. You cannot view it later, only replace it.',
  valueInvalid: 'Enter at least 8 characters.',
  neverUsed: 'Not used yet',
  lastUsed: 'Last used {time}',
  changed: 'Changed {time}',
  replace: 'Replace value of {name}',
  replaceValue: 'Replace value',
  delete: 'Delete {name}',
  deleteTitle: 'Delete {name}?',
  deleteHint: 'No stage uses it.',
  deleteUsed: 'These stages use it, and their calls will fail: {stages}',
  usedBy: 'Used by: {stages}',
  copyName: 'Copy {name}',
});
