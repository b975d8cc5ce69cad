/** Texts about agents: in the settings, and in the editor of a stage. */

export const agentTexts = {
  languageWithTag: (name: string, tag: string) => `${name} (${tag})`,
  instructions: 'Instructions',
  instructionsHint:
    'What the agent should observe in its replies, such as its tone. Templates show it as {agent_instructions}.',
  languages: 'Languages',
  languagesHint: 'Leave empty for any language. Stages can choose the agent by the customer’s language.',
  languageInvalid: (text: string) =>
    `“${text}” is not a language. Enter a name such as German, or a tag such as pt-BR.`,
  workingHours: 'Working hours',
  onlyInWorkingHours: 'Only during working hours',
  alwaysHint: 'Available at any time. A human agent is available while the business is open, if it has opening hours.',
  hoursHint: (timezone: string) =>
    `In the time zone of the business (${timezone}). If the end is before the start, it is on the next day.`,
  hoursNeeded: 'Add at least one interval, or switch working hours off.',
  days: {
    monday: 'Monday',
    tuesday: 'Tuesday',
    wednesday: 'Wednesday',
    thursday: 'Thursday',
    friday: 'Friday',
    saturday: 'Saturday',
    sunday: 'Sunday',
  },
  start: 'From',
  end: 'To',
  startOf: (day: string, number: number) => `${day}, from (${number})`,
  endOf: (day: string, number: number) => `${day}, to (${number})`,
  intervalInvalid: 'Enter two different times.',
  addInterval: 'Add hours',
  closed: 'Closed',
  addIntervalOn: (day: string) => `Add hours on ${day}`,
  removeInterval: (day: string, number: number) => `Remove the hours ${number} of ${day}`,
  speaks: (languages: string) => `Speaks ${languages}`,
  hasWorkingHours: 'Has working hours',
  timezone: 'Time zone of the business',
  timezoneHint:
    'For opening and working hours, and for the times in prompts if the time zone of the customer is unknown.',
  ofStage: 'Agents',
  ofStageHint: 'The first agent whose conditions all apply is responsible. A human agent takes over the conversation.',
  ofStageNone: 'No agent. The assistant answers.',
  noAgentsYet: 'There are no agents yet. Owners can create them in the settings.',
  agentNumber: (number: number) => `Agent ${number}`,
  add: 'Add agent',
  remove: (name: string) => `Remove ${name}`,
  moveUp: (name: string) => `Move ${name} up`,
  moveDown: (name: string) => `Move ${name} down`,
  conditionsOf: (name: string) => `Conditions of ${name}`,
  conditions: {
    language: 'Speaks the customer’s language',
    hours: 'Is within its working hours',
  },
  shortConditions: { language: 'language', hours: 'working hours' },
  onlyOne: 'With one agent, conditions have no effect.',
  noMatch:
    'If no agent matches, the one whose working hours start next is responsible, if its other conditions apply. Otherwise it is the last agent in the list.',
} as const;
