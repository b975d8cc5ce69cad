import type { Translation } from '../../translate';
import type * as en from '../variables';

export const variables: Translation<typeof en.variables> = {
  title: 'Variablen',
  description: "Werte, die Vorlagen verwenden können. Zum Beispiel wird aus '{user_name}' der Name des Kunden.",
  own: 'Eigene',
  ownHint: 'Werte, die Sie einmal festlegen und in jeder Vorlage verwenden, zum Beispiel Öffnungszeiten.',
  ownEmpty: 'Noch keine eigenen Variablen.',
  builtIn: 'Integriert',
  new: 'Neue Variable',
  createNamed: '{name} anlegen',
  value: 'Wert',
  example: 'Beispiel',
  aliases: 'Weitere Namen',
  fields: 'Felder',
  nameHint: "Zum Beispiel wird „Lieferzeit“ als '{lieferzeit}' verwendet.",
  nameNeeded: 'Geben Sie einen Namen ein.',
  valueNeeded: 'Geben Sie einen Wert ein. Ohne Wert bliebe die Stelle in Vorlagen leer.',
  noValue: 'Kein Wert. Die Stelle bleibt in Vorlagen leer.',
  edit: '{name} bearbeiten',
  delete: '{name} löschen',
  deleteTitle: '{name} löschen?',
  deleteHint: 'In Vorlagen, die sie verwenden, bleibt die Stelle leer.',
  noMatch: 'Keine passenden Variablen.',
  copyName: '{name} kopieren',
};
