/** Texts of ratings: below answers, in the dialog in which staff rate, and on the page that lists them. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/feedback.ts'));

export const feedbackTexts = translate('feedbackTexts', {
  rate: 'Rate this answer',
  good: 'Good answer',
  bad: 'Bad answer',
  rated: 'Saved.',
  byCustomer: 'Customer',
  byStaff: 'Staff',

  dialog: 'What was wrong with this answer?',
  comment: 'What was wrong',
  commentHint: 'Optional. Only your team sees it.',
  correctAnswer: 'Correct answer',
  correctAnswerHint: 'Optional. What the assistant should have answered.',
  example: 'Use the correct answer as an example',
  exampleHint:
    "Templates with '{good_examples}' then show the question and this answer to the model. Choose only texts without personal data.",

  title: 'Feedback',
  description: 'Answers that customers or your team have rated.',
  show: 'Show',
  open: 'To review',
  allBad: 'Bad',
  allGood: 'Good',
  examples: 'Examples',
  none: 'No answers to review',
  noneHint: 'Bad answers appear here when customers or your team rate them.',
  noneRated: 'No rated answers',
  noneRatedHint: 'Customers rate answers in the chat widget and in WhatsApp, and your team in the inbox.',
  noExamples: 'No examples',
  noExamplesHint: "Use a good answer as an example, and templates with '{good_examples}' show it to the model.",
  question: 'Customer',
  answer: 'Assistant',
  answeredIn: 'Answered in the stage “{name}”',
  showConversation: 'Show the conversation',
  move: 'Move to another stage',
  moveTo: 'Move to “{name}”',
  moved: 'The message is now an example of “{name}”.',
  write: 'Write an article',
  writeFor: 'Write an article: {question}',
  saveArticle: 'Save as an article',
  saveArticleFor: 'Save as an article: {question}',
  savedArticle: 'The correct answer is now an article.',
  createCase: 'Create test case',
  createCaseFor: 'Create test case: {question}',
  createdCase: 'The test case is on the page Tests.',
  correct: 'Correct',
  correctFor: 'Correct the answer: {question}',
  dismiss: 'Dismiss: {question}',
  dismissed: 'The answer was removed from the list.',
  makeExample: 'Use as an example',
  noExample: 'Do not use as an example',
  personalData:
    'Prompts for other customers then contain the question and the answer. Choose only texts without personal data.',
  resolutions: {
    article: 'An article was written',
    stage: 'Moved to another stage',
    marked_good: 'Marked as good',
    dismissed: 'Dismissed',
  },
});
