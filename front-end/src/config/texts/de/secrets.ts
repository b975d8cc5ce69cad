import type { Translation } from '../../translate';
import type * as en from '../secrets';

export const secretTexts: Translation<typeof en.secretTexts> = {
  title: 'Secrets',
  description:
    "Schlüssel und Passwörter anderer Systeme. Abfragen und Aktionen, die ein anderes System aufrufen, verwenden sie als '{secret.name}'. Werte werden verschlüsselt gespeichert und nie wieder angezeigt.",
  new: 'Neues Secret',
  empty: 'Noch keine Secrets',
  emptyHint:
    'Fügen Sie den API-Schlüssel eines anderen Systems hinzu und verwenden Sie ihn in einer Phase, die dieses System aufruft.',
  nameHint: 'Kleinbuchstaben, Ziffern und Unterstriche, zum Beispiel „crm_key“.',
  nameInvalid:
    'Beginnen Sie mit einem Kleinbuchstaben und verwenden Sie nur Kleinbuchstaben, Ziffern und Unterstriche.',
  value: 'Wert',
  valueHint: 'Mindestens 8 Zeichen. Sie können ihn später nicht ansehen, nur ersetzen.',
  valueInvalid: 'Geben Sie mindestens 8 Zeichen ein.',
  neverUsed: 'Noch nicht verwendet',
  lastUsed: 'zuletzt am {time} verwendet',
  changed: 'Geändert am {time}',
  replace: 'Wert von {name} ersetzen',
  replaceValue: 'Wert ersetzen',
  delete: '{name} löschen',
  deleteTitle: '{name} löschen?',
  deleteHint: 'Keine Phase verwendet es.',
  deleteUsed: 'Diese Phasen verwenden es, und ihre Aufrufe werden fehlschlagen: {stages}',
  usedBy: 'Verwendet von: {stages}',
  copyName: '{name} kopieren',
};
