import type { Translation } from '../../translate';
import type * as en from '../translations';

export const translations: Translation<typeof en.translations> = {
  label: '{field} en {language}',
  add: 'Añadir “{field}” en otro idioma',
  remove: 'Quitar {language}',
  removeShort: 'Quitar',
};
