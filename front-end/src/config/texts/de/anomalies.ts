import type { Translation } from '../../translate';
import type * as en from '../anomalies';

export const anomaliesTexts: Translation<typeof en.anomaliesTexts> = {
  title: 'Auffälligkeiten',
  description: 'Stunden, die im Vergleich mit derselben Stunde der Wochen davor ungewöhnlich waren.',
  none: 'Nichts Ungewöhnliches',
  noneHint: 'Jede Stunde wird mit derselben Stunde der Wochen davor verglichen. Ungewöhnliche Stunden erscheinen hier.',
  figures: {
    errors: 'Viele Fehler',
    handovers: 'Viele Übergaben',
    cost: 'Hohe Kosten',
    latency: 'Langsame Antworten',
  },
  definitions: {
    errors:
      'Der Anteil der Nachrichten, die nicht beantwortet werden konnten oder eine feste Antwort bekamen, weil das Modell ausfiel.',
    handovers: 'Übergaben pro Nachricht von Kunden.',
    cost: 'Die Kosten der Aufrufe von Modellen in dieser Stunde.',
    latency: 'Der Median der Zeit von der Nachricht des Kunden bis zum letzten Wort der Antwort.',
  },
  value: '{value} statt {usual}',
  conversationsOfDay: 'Gespräche dieses Tages',
};
