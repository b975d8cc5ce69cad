/** Texts of the page with the settings of the business. */

export const settings = {
  pausedNotice: 'The assistant is paused for the whole business. Messages wait for a person.',
  title: 'Settings',
  description: 'How ICMP answers the customers of this business.',
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
