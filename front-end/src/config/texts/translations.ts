/** Texts of the fields for texts in further languages. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/translations.ts'));

export const translations = translate('translations', {
  label: '{field} in {language}',
  add: 'Add “{field}” in another language',
  remove: 'Remove {language}',
  removeShort: 'Remove',
});
