import type { Translation } from '../../translate';
import type * as en from '../agents';

export const agentTexts: Translation<typeof en.agentTexts> = {
  languageWithTag: '', // {name} ({tag})
  instructions: '', // Instructions
  instructionsHint: '', // What the agent should observe in its replies, such as its tone. Templates show it as '{agent_instructions}'.
  languages: '', // Languages
  languagesHint: '', // Leave empty for any language. Stages can choose the agent by the customer’s language.
  languageInvalid: '', // “{text}” is not a language. Enter a name such as German, or a tag such as pt-BR.
  workingHours: '', // Working hours
  onlyInWorkingHours: '', // Only during working hours
  alwaysHint: '', // Available at any time. A human agent is available while the business is open, if it has opening hours.
  hoursHint: '', // In the time zone of the business ({timezone}). If the end is before the start, it is on the next day.
  hoursNeeded: '', // Add at least one interval, or switch working hours off.
  days: {
    monday: '', // Monday
    tuesday: '', // Tuesday
    wednesday: '', // Wednesday
    thursday: '', // Thursday
    friday: '', // Friday
    saturday: '', // Saturday
    sunday: '', // Sunday
  },
  start: '', // From
  end: '', // To
  startOf: '', // {day}, from ({number, number})
  endOf: '', // {day}, to ({number, number})
  intervalInvalid: '', // Enter two different times.
  addInterval: '', // Add hours
  closed: '', // Closed
  addIntervalOn: '', // Add hours on {day}
  removeInterval: '', // Remove the hours {number, number} of {day}
  speaks: '', // Speaks {languages}
  hasWorkingHours: '', // Has working hours
  timezone: '', // Time zone of the business
  timezoneHint: '', // For opening and working hours, and for the times in prompts if the time zone of the customer is unknown.
  ofStage: '', // Agents
  ofStageHint: '', // The first agent whose conditions all apply is responsible. A human agent takes over the conversation.
  ofStageNone: '', // No agent. The assistant answers.
  noAgentsYet: '', // There are no agents yet. Owners can create them in the settings.
  agentNumber: '', // Agent {number, number}
  add: '', // Add agent
  remove: '', // Remove {name}
  moveUp: '', // Move {name} up
  moveDown: '', // Move {name} down
  conditionsOf: '', // Conditions of {name}
  conditions: {
    language: '', // Speaks the customer’s language
    hours: '', // Is within its working hours
  },
  shortConditions: {
    language: '', // language
    hours: '', // working hours
  },
  noMatch: '', // If no agent matches, the one whose working hours start next is responsible, if its other conditions apply. Otherwise it is the last agent in the list.
};
