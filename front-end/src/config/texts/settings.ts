/** Texts of the page with the settings of the business. */

import { count } from './common';

export const settings = {
  pausedNotice: 'The assistant is paused for the whole business. Messages wait for a person.',
  title: 'Settings',
  description: 'How ICMP answers the customers of this business.',
  pause: 'Pause the assistant',
  pauseHint:
    'While the assistant is paused, it does not answer customers. Their messages wait in the inbox for your team.',
  pauseSwitch: 'Pause the assistant for the whole business',
  pauseTitle: 'Pause the assistant?',
  pauseBody:
    'It stops answering in all conversations at once, also in those that it is answering right now. Your team can answer in the inbox. Messages that arrive during the pause wait for a person.',
  pauseConfirm: 'Pause',
  pausedNow: 'The assistant is paused.',
  resumedNow: 'The assistant answers again.',
  handover: 'When a person takes over',
  handoverHint:
    'The assistant hands a conversation over to your team in these cases, and in stages of human agents. It does not answer again until someone hands the conversation back.',
  handoverRules: {
    needs_person: 'The reply says that a person will answer',
    low_confidence: 'The stage was uncertain twice in a row',
    failed_lookups: 'Looking something up failed or found nothing twice in a row',
  },
  keywords: 'Keywords',
  keywordsHint: 'One per line. A message that contains one of them as whole words goes to a person at once.',
  agents: 'Agents',
  agentsHint:
    'Stages can be assigned to agents. Conversations in the stages of a human agent are assigned to its members in turn.',
  noAgents: 'No agents yet.',
  newAgent: 'New agent',
  editAgent: (name: string) => `Edit “${name}”`,
  deleteAgent: (name: string) => `Delete “${name}”`,
  deleteAgentTitle: (name: string) => `Delete “${name}”?`,
  deleteAgentHint: 'Stages that list other agents too keep those. Other stages have no agent afterwards.',
  agentNameNeeded: 'Enter a name.',
  agentType: 'Type',
  agentTypes: { human: 'Human', ai: 'Assistant' },
  humanWith: (n: number) => `Human, ${n ? count(n, 'member', 'members') : 'no members'}`,
  members: 'Members',
  membersHint: 'New conversations go to each of them in turn.',
  noMembers: 'This business has no members with the role agent or owner yet.',
  writable: 'What actions may change',
  writableHint:
    'Actions of stages can change these fields of the customer who writes, and of this customer’s own orders. Fields that are not selected never change.',
  writableOwners: { orders: 'Orders', customer: 'Customer' },
  writableEmail: 'Other systems may find the customer by this address. Let actions that change it ask first.',
  speculation: 'Speed and cost of replies',
  speculationHint:
    'To answer a message, ICMP asks the model three questions: which stage the message belongs to, which information it contains, and what to reply. It can ask the next question before it knows the previous answer. That is faster, but an answer that turns out not to fit is discarded and still costs money. Customers never see any of it. The steps of each reply show what this has saved and cost.',
  modes: {
    off: {
      title: 'One question at a time',
      hint: 'The slowest and cheapest. A reply waits for three answers of the model.',
    },
    extraction: {
      title: 'Stage and information together',
      hint: 'A reply waits for two answers of the model. If the stage changes, one answer is discarded. This is the default.',
    },
    full: {
      title: 'All three together, when the stage is unlikely to change',
      hint: 'Many replies wait for one answer of the model. ICMP prepares the reply early if the conversation was already in its stage and the message is close to it. The reply is discarded if the stage changes, or if the message contains new information that it needs. ICMP prepares no early reply in a stage that has actions, that still needs required information, or that looks something up by information from the message.',
    },
  },
} as const;
