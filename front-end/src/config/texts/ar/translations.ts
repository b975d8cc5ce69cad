import type { Translation } from '../../translate';
import type * as en from '../translations';

export const translations: Translation<typeof en.translations> = {
  label: '{field}: {language}',
  add: 'إضافة «{field}» بلغة أخرى',
  remove: 'إزالة: {language}',
  removeShort: 'إزالة',
};
