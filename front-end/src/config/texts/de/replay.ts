import type { Translation } from '../../translate';
import type * as en from '../replay';

export const replayTexts: Translation<typeof en.replayTexts> = {
  replay: 'Wiederholen',
  title: 'Diese Nachricht noch einmal beantworten',
  hint: 'Die Schritte laufen noch einmal mit den Daten von damals. Nichts wird gesendet, im Gespräch gespeichert oder geändert. Die Aufrufe des Modells kosten Geld.',
  release: 'Was antwortet',
  releases: {
    draft: 'Der Entwurf, wie er jetzt bearbeitet ist',
    live: 'Der veröffentlichte Stand',
    recorded: 'Der Stand von damals',
  },
  start: 'Wiederholen',
  same: 'Phase, Felder und Antwort sind gleich.',
  differs: 'Verschieden: {parts}',
  parts: { stage: 'Phase', fields: 'Felder', reply: 'Antwort' },
  before: 'Aufgezeichnete Antwort',
  after: 'Antwort der Wiederholung',
  noReply: 'Keine Antwort',
  stage: 'Phase: {name}',
  fields: 'Felder: {fields}',
  releaseNumber: 'Version {number, number}',
  draft: 'Entwurf',
  changes: 'Unterschiede',
  promptOf: 'Prompt des Schritts {step}',
  computedNow: 'Nicht aufgezeichnet, deshalb mit heutigen Daten: {names}',
  notRecorded: 'Nicht mehr bekannt: {names}',
};
