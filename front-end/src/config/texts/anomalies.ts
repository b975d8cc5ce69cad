/** Texts of the page of anomalies. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/anomalies.ts'));

export const anomaliesTexts = translate('anomaliesTexts', {
  title: 'Anomalies',
  description: 'Hours that were unusual, compared with the same hour of the weeks before.',
  none: 'Nothing unusual',
  noneHint: 'Each hour is compared with the same hour of the weeks before. Unusual hours appear here.',
  figures: {
    errors: 'Many errors',
    handovers: 'Many handovers',
    cost: 'High cost',
    latency: 'Slow answers',
  } as Record<string, string>,
  definitions: {
    errors: 'The share of messages that could not be answered, or got a fixed reply because the model failed.',
    handovers: 'Handovers per message of customers.',
    cost: 'The cost of the calls to models in this hour.',
    latency: 'The median time from the customer’s message to the last word of the answer.',
  } as Record<string, string>,
  value: '{value} instead of {usual}',
  conversationsOfDay: 'Conversations of this day',
});
