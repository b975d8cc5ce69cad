import type { Translation } from '../../translate';
import type * as en from '../translations';

export const translations: Translation<typeof en.translations> = {
  label: '', // {field} in {language}
  add: '', // Add “{field}” in another language
  remove: '', // Remove {language}
  removeShort: '', // Remove
};
