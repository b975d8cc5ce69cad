import type { Translation } from '../../translate';
import type * as en from '../agents';

export const agentTexts: Translation<typeof en.agentTexts> = {
  languageWithTag: '{name} ({tag})',
  instructions: 'Anweisungen',
  instructionsHint:
    "Was der Agent in seinen Antworten beachten soll, zum Beispiel den Ton. Vorlagen zeigen es als '{agent_instructions}'.",
  languages: 'Sprachen',
  languagesHint: 'Leer: jede Sprache. Phasen können den Agenten nach der Sprache des Kunden wählen.',
  languageInvalid: '„{text}“ ist keine Sprache. Geben Sie einen Namen wie Deutsch oder ein Kürzel wie pt-BR ein.',
  workingHours: 'Arbeitszeiten',
  onlyInWorkingHours: 'Nur während der Arbeitszeiten',
  alwaysHint:
    'Jederzeit verfügbar. Ein menschlicher Agent ist verfügbar, während das Unternehmen geöffnet ist, falls es Öffnungszeiten hat.',
  hoursHint:
    'In der Zeitzone des Unternehmens ({timezone}). Liegt das Ende vor dem Beginn, gilt es für den nächsten Tag.',
  hoursNeeded: 'Fügen Sie mindestens einen Zeitraum hinzu oder schalten Sie die Arbeitszeiten aus.',
  days: {
    monday: 'Montag',
    tuesday: 'Dienstag',
    wednesday: 'Mittwoch',
    thursday: 'Donnerstag',
    friday: 'Freitag',
    saturday: 'Samstag',
    sunday: 'Sonntag',
  },
  start: 'Von',
  end: 'Bis',
  startOf: '{day}, von ({number, number})',
  endOf: '{day}, bis ({number, number})',
  intervalInvalid: 'Geben Sie zwei verschiedene Uhrzeiten ein.',
  addInterval: 'Zeiten hinzufügen',
  closed: 'Geschlossen',
  addIntervalOn: 'Zeiten hinzufügen: {day}',
  removeInterval: 'Zeiten entfernen: {day} ({number, number})',
  speaks: 'Spricht {languages}',
  hasWorkingHours: 'Hat Arbeitszeiten',
  timezone: 'Zeitzone des Unternehmens',
  timezoneHint:
    'Für Öffnungs- und Arbeitszeiten sowie für Zeitangaben in Prompts, wenn die Zeitzone des Kunden unbekannt ist.',
  ofStage: 'Agenten',
  ofStageHint:
    'Zuständig ist der erste Agent, dessen Bedingungen alle zutreffen. Ein menschlicher Agent übernimmt das Gespräch.',
  ofStageNone: 'Kein Agent. Der Assistent antwortet.',
  noAgentsYet: 'Es gibt noch keine Agenten. Inhaber können sie in den Einstellungen anlegen.',
  agentNumber: 'Agent {number, number}',
  add: 'Agent hinzufügen',
  remove: '{name} entfernen',
  moveUp: '{name} nach oben verschieben',
  moveDown: '{name} nach unten verschieben',
  conditionsOf: 'Bedingungen von {name}',
  conditions: {
    language: 'Spricht die Sprache des Kunden',
    hours: 'Ist innerhalb seiner Arbeitszeiten',
  },
  shortConditions: {
    language: 'Sprache',
    hours: 'Arbeitszeiten',
  },
  noMatch:
    'Wenn kein Agent passt, ist derjenige zuständig, dessen Arbeitszeiten als Nächstes beginnen, sofern seine anderen Bedingungen zutreffen. Andernfalls ist es der letzte Agent der Liste.',
};
