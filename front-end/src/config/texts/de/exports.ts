import type { Translation } from '../../translate';
import type * as en from '../exports';

export const exportTexts: Translation<typeof en.exportTexts> = {
  title: 'Export und Löschung',
  description: 'Nehmen Sie alle Daten dieses Unternehmens mit oder löschen Sie das Unternehmen.',
  needsLogin:
    'Sie sind mit dem Unternehmensschlüssel verbunden. Melden Sie sich als Inhaber mit Ihrer E-Mail-Adresse an, um das Unternehmen zu exportieren oder zu löschen.',
  export: 'Alle Daten exportieren',
  exportHint:
    'Eine ZIP-Datei mit allem, was zu diesem Unternehmen gehört: Kunden, Gespräche mit allen Schritten, Bestellungen, Produkte, Artikel, Phasen, Vorlagen, Einstellungen, Team und Audit-Protokoll. Jede Datei darin enthält ein JSON-Objekt pro Zeile. Passwörter, Schlüssel und die Werte von Secrets sind nicht enthalten. Die Datei wird sieben Tage oder bis zum nächsten Export aufbewahrt.',
  create: 'Export erstellen',
  started: 'Der Export wurde gestartet. Sie können diese Seite verlassen.',
  exports: 'Exporte',
  statuses: {
    waiting: 'Wartet',
    running: 'In Arbeit',
    finished: 'Bereit',
    failed: 'Fehlgeschlagen. Erstellen Sie den Export erneut.',
  },
  rows: '{n, plural, one {# Zeile} other {# Zeilen}}',
  keptUntil: 'aufbewahrt bis {time}',
  download: 'Herunterladen',
  delete: 'Export vom {date} löschen',
  deleteTitle: 'Diesen Export löschen?',
  deleteHint: 'Die Datei wird gelöscht. Die Daten des Unternehmens sind nicht betroffen.',
  remove: 'Unternehmen löschen',
  removeHint:
    'Sieben Tage später wird das Unternehmen mit allen Daten gelöscht: Kunden, Gespräche, Bestellungen, Einstellungen und der Zugriff dieses Teams. Bis dahin funktioniert alles wie bisher, und jeder Inhaber kann die Löschung abbrechen. Danach kann nichts wiederhergestellt werden. Es bleibt ein Eintrag im Audit-Protokoll der Plattform mit dem Zeitpunkt und Ihrem Konto. Auch die Konten der Mitglieder bleiben, ohne Zugriff auf dieses Unternehmen.',
  removeButton: 'Unternehmen löschen …',
  confirmTitle: '„{name}“ in sieben Tagen löschen?',
  confirmHint: 'Geben Sie zur Bestätigung den Namen des Unternehmens ein: {name}',
  name: 'Name des Unternehmens',
  wrongName: 'Dies ist nicht der Name des Unternehmens.',
  confirm: 'In sieben Tagen löschen',
  plannedHint: 'Bis dahin funktioniert alles.',
  cancel: 'Löschung abbrechen',
  cancelled: 'Das Unternehmen wird nicht gelöscht.',
};
