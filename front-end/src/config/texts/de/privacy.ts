import type { Translation } from '../../translate';
import type * as en from '../privacy';

export const privacyTexts: Translation<typeof en.privacyTexts> = {
  title: 'Datenschutz',
  description:
    'Wie lange Ihre Daten aufbewahrt werden, und was aus Nachrichten entfernt wird, bevor sie gespeichert werden.',
  retention: 'Aufbewahrung von Daten',
  retentionHint:
    'Ältere Daten werden stündlich gelöscht. Kunden, Bestellungen, Produkte und Artikel werden nicht gelöscht.',
  days: {
    messages: {
      label: 'Gespräche (Tage)',
      hint: 'Gespräche mit allen Nachrichten, gerechnet ab der letzten. Leer: unbegrenzt.',
    },
    traces: {
      label: 'Schritte der Antworten (Tage)',
      hint: 'Wie jede Antwort entstanden ist: Entscheidungen und Werte von Variablen. Leer: so lange wie das Gespräch.',
    },
    calls: {
      label: 'Prompts und Antworten der Modelle (Tage)',
      hint: 'Tokens, Kosten und Zeiten der Aufrufe bleiben erhalten. Leer: so lange wie das Gespräch.',
    },
    feedback: {
      label: 'Bewertungen (Tage)',
      hint: 'Bewertungen von Antworten und Gesprächen mit ihren Kommentaren. Leer: so lange wie das Gespräch.',
    },
    events: {
      label: 'Ereignisse (Tage)',
      hint: 'Ereignisse Ihrer Website und Ihrer Server. Leer: so lange, wie der Betreiber dieser Plattform es zulässt.',
    },
  },
  deleteTitle: 'Ältere Daten löschen?',
  deleteBody:
    'Alles, was älter ist als die neuen Grenzen, wird innerhalb von etwa einer Stunde gelöscht. Das lässt sich nicht rückgängig machen.',
  deleteConfirm: 'Speichern und löschen',
  masking: 'Was aus Nachrichten entfernt wird',
  maskingHint:
    'Nachrichten von Kunden und Ihrem Team werden ohne diese Angaben gespeichert, und Modelle sehen sie nicht. Sie lassen sich nicht wiederherstellen. Was bereits gespeichert ist, ändert sich nicht.',
  cardNumbers: 'Kartennummern durch „[card number]“ ersetzen',
  cardNumbersHint:
    'Nummern mit den ersten Ziffern, der Länge und der Prüfziffer einer Zahlungskarte. Andere lange Nummern, etwa Sendungsnummern, können zufällig genauso aussehen.',
  patterns: 'Eigene Muster',
  patternsHint:
    'Was ein Muster findet, wird durch seinen Namen in Klammern ersetzt. Muster sind reguläre Ausdrücke in der Syntax von RE2.',
  patternName: 'Name',
  pattern: 'Muster',
  addPattern: 'Muster hinzufügen',
  removePattern: 'Muster „{name}“ entfernen',
};
