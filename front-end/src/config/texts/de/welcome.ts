import type { Translation } from '../../translate';
import type * as en from '../welcome';

export const welcome: Translation<typeof en.welcome> = {
  title: 'Assistenten einrichten',
  description: 'Drei Schritte bis zur ersten Antwort. Sie können jeden überspringen und später zurückkehren.',
  steps: {
    business: 'Ihr Unternehmen',
    starter: 'Startpaket',
    try: 'Ausprobieren',
  },
  next: 'Weiter',
  skip: 'Schritt überspringen',
  business: 'Was macht Ihr Unternehmen?',
  nameNeeded: 'Geben Sie den Namen Ihres Unternehmens ein.',
  businessHint:
    'Der Assistent weiß nur, was Sie ihm mitteilen. Sie können später alles in den Einstellungen ändern; Änderungen gelten ab der nächsten Nachricht.',
  descriptionPlaceholder:
    'Eine kleine Reparaturwerkstatt in der Altstadt. Wir reparieren Handys, Laptops und Kaffeemaschinen.',
  descriptionHint: 'Was Sie anbieten und was Kunden wissen sollten. Der Assistent liest dies vor jeder Antwort.',
  language: 'Sprache der Antworten',
  anyLanguage: 'Die Sprache der jeweiligen Nachricht',
  anyLanguageHint: 'Kunden erhalten Antworten in der Sprache, in der sie schreiben.',
  languageHint: 'Kunden, die in einer anderen Sprache schreiben, erhalten Antworten in dieser Sprache.',
  timezone: 'Zeitzone',
  timezoneHint: 'Für Datumsangaben und Öffnungszeiten.',
  hours: 'Öffnungszeiten',
  hoursHint:
    'Die Tage, an denen Sie geöffnet haben. Pausen und abweichende Zeiten für einzelne Tage können Sie in den Einstellungen eintragen.',
  hoursVary: 'Ihre Öffnungszeiten sind von Tag zu Tag verschieden. Ändern Sie sie in den Einstellungen.',
  opens: 'Öffnet um',
  closes: 'Schließt um',
  closesInvalid: 'Muss von der Öffnungszeit abweichen.',
  shortDays: {
    monday: 'Mo',
    tuesday: 'Di',
    wednesday: 'Mi',
    thursday: 'Do',
    friday: 'Fr',
    saturday: 'Sa',
    sunday: 'So',
  },
  starter: 'Wonach fragen Ihre Kunden?',
  starterHint:
    'Ein Startpaket enthält Phasen mit Beispielen, Fragen, Abfragen und Antworten. Sie können danach alles ändern.',
  starterLanguage: 'Sprache des Startpakets',
  use: 'Startpaket verwenden',
  useNamed: 'Dieses Startpaket verwenden: {title}',
  inUse: 'In Verwendung',
  hasOtherStages: 'Ihr Assistent hat bereits Phasen. Ein Startpaket ersetzt sie.',
  replaceTitle: 'Alle Phasen ersetzen?',
  replaceBody:
    'Alle Phasen und ihre Vorlagen werden gelöscht und durch die von „{title}“ ersetzt. Gespräche gehen in dessen erster Phase weiter. Variablen und Einstellungen bleiben erhalten.',
  replace: 'Phasen ersetzen',
  try: 'Schreiben Sie Ihrem Assistenten als Kunde',
  tryHint:
    'Im Testbereich schreiben Sie als Testkunde und sehen jeden Schritt der Antwort. Die erste Nachricht ist bereits eingetragen.',
  tryWithoutStages:
    'Ihr Assistent hat noch keine Phasen und kann deshalb nicht antworten. Wählen Sie zuerst ein Startpaket.',
  toStarter: 'Startpaket auswählen',
  open: 'Testbereich öffnen',
};
