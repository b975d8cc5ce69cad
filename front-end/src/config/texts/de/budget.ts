import type { Translation } from '../../translate';
import type * as en from '../budget';

export const budgetTexts: Translation<typeof en.budgetTexts> = {
  title: 'Budget',
  description:
    'Was Antworten kosten dürfen und was beim Erreichen eines Limits geschieht. Alle Beträge sind in US-Dollar.',
  usage: 'Bisher ausgegeben',
  usageHint:
    'Was die Aufrufe von Modellen gekostet haben. Tage und Monate gelten in der Zeitzone {zone}. Laufende Turns werden gezählt, wenn sie enden.',
  day: 'Heute',
  month: 'Dieser Monat',
  ofLimit: '{spent} von {limit} ({share, number, ::percent})',
  noLimit: '{spent}, ohne Limit',
  unpriced:
    '{n, plural, one {Die Kosten von # Aufruf in diesem Monat sind nicht bekannt, weil das Modell keinen Preis hat.} other {Die Kosten von # Aufrufen in diesem Monat sind nicht bekannt, weil die Modelle keinen Preis haben.}}',
  unpricedModels:
    'Diese Modelle haben keinen Preis, ihre Aufrufe werden daher nicht mitgezählt: {models}. Geben Sie die Preise unten ein.',
  limits: 'Limits',
  limitsHint:
    'Vor jeder Antwort werden ihre geschätzten Kosten reserviert. Antworten, die beim Erreichen eines Limits gerade geschrieben werden, werden fertiggestellt. Webhooks erhalten bei 50, 80 und 100 Prozent ein Ereignis.',
  fields: {
    per_day: {
      label: 'Limit pro Tag',
      hint: 'Leer: kein Limit.',
    },
    per_month: {
      label: 'Limit pro Monat',
      hint: 'Leer: kein Limit.',
    },
    per_customer_day: {
      label: 'Limit pro Kunde und Tag',
      hint: 'Betrifft nur den Kunden, der es erreicht. Leer: kein Limit.',
    },
  },
  whenReached: 'Wenn ein Limit erreicht ist',
  choices: {
    cheaper_model: {
      title: 'Ein günstigeres Modell antwortet',
      hint: 'Bis auch der zusätzliche Betrag ausgegeben ist. Danach werden feste Antworten gesendet.',
    },
    fixed_reply: {
      title: 'Feste Antworten werden gesendet',
      hint: 'Die feste Antwort der Phase. Gibt es keine, antwortet eine Person.',
    },
    person: {
      title: 'Eine Person antwortet',
      hint: 'Jedes Gespräch, in dem ein Kunde schreibt, wird übergeben.',
    },
  },
  cheaperModel: 'Günstigeres Modell',
  cheaperModelHint: 'Es antwortet für alle Vorlagen. Sein Preis muss bekannt sein.',
  cheaperPercent: 'Zusätzlicher Betrag (%)',
  cheaperPercentHint: 'Wie viel mehr als das Limit das günstigere Modell kosten darf, in Prozent des Limits. Leer: 20.',
  prices: 'Preise',
  pricesHint:
    'US-Dollar pro Million Tokens. Preise bekannter Modelle sind hinterlegt, Stand {date}. Geben Sie die Preise anderer Modelle ein, oder abweichende, die Sie mit Ihrem Anbieter vereinbart haben.',
  price: {
    model: 'Modell',
    prompt: 'Prompt',
    cached_prompt: 'Prompt aus dem Cache',
    completion: 'Antwort',
  },
  priceHint: 'Hinterlegter Preis: {prompt} für Prompts und {completion} für Antworten.',
  cachedHint: 'Leer: wie andere Prompts.',
  pricesOf: 'Preise von {model}',
  newModel: 'einem neuen Modell',
  addPrice: 'Preis hinzufügen',
  removePrice: 'Entfernen',
  noOwnPrices: 'Es gibt keine eigenen Preise.',
};
