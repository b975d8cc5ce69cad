import type { Translation } from '../../translate';
import type * as en from '../secrets';

export const secretTexts: Translation<typeof en.secretTexts> = {
  title: '', // Secrets
  description: '', // Keys and passwords of other systems. Look-ups and actions that call another system use them as '{secret.name}'. Values are stored encrypted and are never shown again.
  new: '', // New secret
  empty: '', // No secrets yet
  emptyHint: '', // Add the API key of another system, and use it in a stage that calls that system.
  nameHint: '', // Lower-case letters, digits and underscores, such as “crm_key”.
  nameInvalid: '', // Start with a lower-case letter, and use only lower-case letters, digits and underscores.
  value: '', // Value
  valueHint: '', // At least 8 characters. You cannot view it later, only replace it.
  valueInvalid: '', // Enter at least 8 characters.
  neverUsed: '', // Not used yet
  lastUsed: '', // Last used
  changed: '', // Changed
  replace: '', // Replace value of {name}
  replaceValue: '', // Replace value
  delete: '', // Delete {name}
  deleteTitle: '', // Delete {name}?
  deleteHint: '', // No stage uses it.
  deleteUsed: '', // These stages use it, and their calls will fail: {stages}
  usedBy: '', // Used by: {stages}
  copyName: '', // Copy {name}
};
