import type { Translation } from '../../translate';
import type * as en from '../translations';

export const translations: Translation<typeof en.translations> = {
  label: '{field} auf {language}',
  add: '„{field}“ in einer weiteren Sprache hinzufügen',
  remove: '{language} entfernen',
  removeShort: 'Entfernen',
};
