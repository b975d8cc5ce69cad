import type { Translation } from '../../translate';
import type * as en from '../imports';

export const importTexts: Translation<typeof en.importTexts> = {
  title: 'Importe',
  description:
    'Legen Sie Bestellungen, Produkte oder Kunden aus einer CSV- oder NDJSON-Datei an oder aktualisieren Sie sie. Wird eine Datei zweimal importiert, ändert sich beim zweiten Mal nichts.',
  new: 'Neuer Import',
  empty: 'Noch keine Importe',
  emptyHint:
    'Laden Sie eine Datei hoch, um Ihre Bestellungen, Produkte oder Kunden hinzuzufügen. Ein Probelauf zeigt, was sich ändern würde.',
  resource: 'Enthält',
  resources: {
    orders: 'Bestellungen',
    products: 'Produkte',
    users: 'Kunden',
  },
  columns: {
    orders: 'Eine Zeile pro Bestellung, mit ihrer Nummer und Ihrer ID des Kunden.',
    products: 'Eine Zeile pro Produkt, mit Artikelnummer (SKU) und Name.',
    users: 'Eine Zeile pro Kunde, mit Ihrer ID.',
  },
  file: 'Datei',
  chooseFile: 'Datei auswählen',
  fileHint:
    'CSV mit den Spaltennamen in der ersten Zeile oder ein JSON-Objekt pro Zeile (.ndjson, .jsonl). Höchstens 50 MB.',
  fileMissing: 'Wählen Sie eine Datei.',
  encoding: 'Kodierung',
  encodings: {
    'utf-8': 'UTF-8 oder UTF-16',
    'windows-1252': 'Windows-1252 (westeuropäisch)',
    'windows-1250': 'Windows-1250 (mitteleuropäisch)',
    'windows-1251': 'Windows-1251 (kyrillisch)',
    'windows-1256': 'Windows-1256 (arabisch)',
    shift_jis: 'Shift JIS (japanisch)',
    gb18030: 'GB18030 (chinesisch)',
  },
  dryRun: 'Probelauf: Datei nur prüfen',
  dryRunChip: 'Probelauf',
  ignoreUnknown: 'Unbekannte Felder ignorieren',
  decimalComma: 'Zahlen haben ein Dezimalkomma, zum Beispiel 1.234,50',
  preview: 'Was die Spalten enthalten',
  previewHint: 'ICMP hat die Felder anhand der Spaltennamen erraten. Korrigieren Sie, was nicht stimmt.',
  column: 'Spalte',
  field: 'Feld',
  fieldOf: 'Feld der Spalte {column}',
  ignored: 'Ignorieren',
  ofCustomer: 'Kunde: {field}',
  missing: 'Keine Spalte enthält: {fields}. Wählen Sie eine.',
  twice: 'Nur eine Spalte kann enthalten: {fields}.',
  undo: 'Rückgängig machen',
  undoTitle: 'Diesen Import rückgängig machen?',
  undoHint:
    'Löscht, was dieser Import angelegt hat, und stellt wieder her, was er geändert hat. Zeilen, die seitdem geändert oder verwendet wurden, bleiben erhalten.',
  undoing: 'Wird rückgängig gemacht …',
  undoStatus:
    'Rückgängig gemacht: {undone, plural, one {# Zeile} other {# Zeilen}}{kept, plural, =0 {} one { · # Zeile behalten} other { · # Zeilen behalten}}',
  undoFailed: 'Das Rückgängigmachen wurde wegen eines unerwarteten Fehlers abgebrochen.',
  showKept: '{kept, plural, one {# Zeile} other {# Zeilen}} behalten',
  keptTitle: 'Beim Rückgängigmachen behaltene Zeilen',
  keptHint: 'Sie wurden seit dem Import geändert oder verwendet, deshalb entscheiden Sie darüber.',
  start: 'Hochladen',
  uploading: 'Wird hochgeladen …',
  statuses: {
    uploading: 'Wird hochgeladen',
    waiting: 'Wartet',
    running: 'Läuft',
    finished: 'Fertig',
    failed: 'Fehlgeschlagen',
  },
  progress: 'Fortschritt des Imports von {name}',
  counts:
    '{created, plural, one {# Zeile angelegt} other {# Zeilen angelegt}} · {updated, plural, one {# Zeile aktualisiert} other {# Zeilen aktualisiert}} · {unchanged, plural, one {# Zeile unverändert} other {# Zeilen unverändert}}',
  dryRunCounts:
    '{created, plural, one {# Zeile würde angelegt} other {# Zeilen würden angelegt}} · {updated, plural, one {# Zeile würde aktualisiert} other {# Zeilen würden aktualisiert}} · {unchanged, plural, one {# Zeile unverändert} other {# Zeilen unverändert}}',
  invalid: '{n, plural, one {# ungültige Zeile} other {# ungültige Zeilen}}',
  invalidTitle: 'Ungültige Zeilen',
  onlyFirst: 'Die ersten {shown, number} von {n, plural, one {# ungültigen Zeile} other {# ungültigen Zeilen}}.',
  line: 'Zeile',
  reason: 'Grund',
  notify: 'Kunden informieren über',
  notifyNothing: 'Keine Änderungen',
  notifyFields: {
    status: 'Status',
    tracking_number: 'Sendungsnummer',
    shipping_carrier: 'Versanddienst',
    shipping_address: 'Lieferadresse',
  },
  notifyText: 'Nachricht',
  notifyDefault: "Neues zu Ihrer Bestellung '{order_number}': Der Status ist jetzt '{status}'.",
  notifyHint:
    "Wird einmal pro Änderung in das letzte offene Gespräch des Kunden geschrieben, aber nicht, während eine Person es bearbeitet. Platzhalter: '{order_number}', '{status}', '{tracking_number}', '{shipping_carrier}', '{shipping_address}', '{order_total}', '{currency}'.",
};
