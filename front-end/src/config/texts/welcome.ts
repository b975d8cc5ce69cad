/** Texts of the steps after signing up. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/welcome.ts'));

export const welcome = translate('welcome', {
  title: 'Set up your assistant',
  description: 'Three steps to the first answer. You can skip each of them and come back later.',
  steps: { business: 'Your business', starter: 'Starter', try: 'Try it' },
  next: 'Next',
  skip: 'Skip this step',
  business: 'What does your business do?',
  nameNeeded: 'Enter the name of your business.',
  businessHint:
    'The assistant only knows what you tell it. You can change everything later in the settings; a change applies to the next message.',
  descriptionPlaceholder: 'A small repair shop in the old town. We repair phones, laptops and coffee machines.',
  descriptionHint: 'What you offer, and what customers should know. The assistant reads this before each reply.',
  language: 'Language of replies',
  anyLanguage: 'The language of each message',
  anyLanguageHint: 'Customers get replies in the language that they write in.',
  languageHint: 'Customers who write in another language get replies in this one.',
  timezone: 'Time zone',
  timezoneHint: 'Of dates and opening hours.',
  hours: 'Opening hours',
  hoursHint:
    'The days on which you are open. Breaks and different times for single days can be entered in the settings.',
  hoursVary: 'Your opening hours differ from day to day. Change them in the settings.',
  opens: 'Opens at',
  closes: 'Closes at',
  closesInvalid: 'Must differ from the opening time.',
  shortDays: {
    monday: 'Mon',
    tuesday: 'Tue',
    wednesday: 'Wed',
    thursday: 'Thu',
    friday: 'Fri',
    saturday: 'Sat',
    sunday: 'Sun',
  },
  starter: 'What do your customers ask about?',
  starterHint:
    'A starter contains stages with examples, questions, look-ups and replies. You can change all of them afterwards.',
  starterLanguage: 'Language of the starter',
  use: 'Use this starter',
  useNamed: 'Use this starter: {title}',
  inUse: 'In use',
  hasOtherStages: 'Your assistant already has stages. Using a starter replaces them.',
  replaceTitle: 'Replace all stages?',
  replaceBody:
    'All stages and their templates are deleted and replaced by those of “{title}”. Conversations continue in its first stage. Variables and settings are kept.',
  replace: 'Replace stages',
  try: 'Write to your assistant as a customer',
  tryHint:
    'In the playground you write as a test customer and see each step of the answer. The first message is already filled in.',
  tryWithoutStages: 'Your assistant has no stages yet, so it cannot answer. Choose a starter first.',
  toStarter: 'Choose a starter',
  open: 'Open the playground',
});
