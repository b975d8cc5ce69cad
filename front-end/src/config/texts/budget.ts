import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/budget.ts'));

export const budgetTexts = translate('budget', {
  title: 'Budget',
  description: 'What answers may cost, and what happens when a limit is reached. All amounts are in US dollars.',

  usage: 'Spent so far',
  usageHint:
    'What the calls to models have cost. Days and months are those of the time zone {zone}. Turns that are running are counted when they end.',
  day: 'Today',
  month: 'This month',
  ofLimit: '{spent} of {limit} ({share, number, ::percent})',
  noLimit: '{spent}, without a limit',
  unpriced:
    '{n, plural, one {The cost of # call this month is not known, because its model has no price.} other {The cost of # calls this month is not known, because their models have no price.}}',
  unpricedModels: 'These models have no price, so their calls are not counted: {models}. Enter their prices below.',

  limits: 'Limits',
  limitsHint:
    'Before each answer, its estimated cost is reserved. Answers that are being written when a limit is reached are finished. Webhooks receive an event at 50, 80 and 100 percent.',
  fields: {
    per_day: { label: 'Limit per day', hint: 'Empty: no limit.' },
    per_month: { label: 'Limit per month', hint: 'Empty: no limit.' },
    per_customer_day: {
      label: 'Limit per customer and day',
      hint: 'Affects only the customer who reaches it. Empty: no limit.',
    },
  },
  whenReached: 'When a limit is reached',
  choices: {
    cheaper_model: {
      title: 'A cheaper model answers',
      hint: 'Until the additional amount is spent too. Then fixed replies are sent.',
    },
    fixed_reply: {
      title: 'Fixed replies are sent',
      hint: 'The fixed reply of the stage. If there is none, a person answers.',
    },
    person: { title: 'A person answers', hint: 'Each conversation in which a customer writes is handed over.' },
  },
  cheaperModel: 'Cheaper model',
  cheaperModelHint: 'It answers for all templates. Its price must be known.',
  cheaperPercent: 'Additional amount (%)',
  cheaperPercentHint: 'How much more than the limit the cheaper model may cost, in percent of the limit. Empty: 20.',

  prices: 'Prices',
  pricesHint:
    'US dollars per million tokens. Prices of well-known models are built in, as of {date}. Enter the prices of other models, or different ones that you have agreed with your provider.',
  price: {
    model: 'Model',
    prompt: 'Prompt',
    cached_prompt: 'Cached prompt',
    completion: 'Answer',
  },
  priceHint: 'Built-in price: {prompt} for prompts and {completion} for answers.',
  cachedHint: 'Empty: like other prompts.',
  pricesOf: 'Prices of {model}',
  newModel: 'a new model',
  addPrice: 'Add a price',
  removePrice: 'Remove',
  noOwnPrices: 'There are no prices of your own.',
});
