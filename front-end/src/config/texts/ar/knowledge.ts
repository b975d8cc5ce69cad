import type { Translation } from '../../translate';
import type * as en from '../knowledge';

export const knowledgeTexts: Translation<typeof en.knowledgeTexts> = {
  title: '', // Knowledge
  articles: '', // Articles
  description: '', // What your assistant knows about your business. It looks for an answer here and says which article it used.
  new: '', // New article
  import: '', // Upload files
  empty: '', // No articles yet
  emptyHint: '', // Write down what customers ask about: deliveries, returns, prices. Or upload what you already have. Changes take effect with the next message.
  emptyHintReadOnly: '', // An owner of this business can write them.
  noMatch: '', // No matching articles
  clear: '', // Clear filters
  search: '', // Search articles
  language: '', // Language
  automatic: '', // Recognise automatically
  tag: '', // Only articles with the tag “{tag}”
  notYet: '', // Not used yet
  expired: '', // No longer used
  passages: '', // {n, plural, one {# passage} other {# passages}}
  noPassages: '', // No text yet: it is not used.
  edit: '', // Article
  subject: '', // Title
  subjectNeeded: '', // Enter a title.
  content: '', // Text
  contentHint: '', // Write or paste text, or Markdown. Start each topic with a heading, such as “## Returns”: the assistant reads one topic at a time.
  tags: '', // Tags
  tagsHint: '', // Separate tags with commas.
  validFrom: '', // Use from
  validUntil: '', // Use until
  validHint: '', // Leave empty to use it at any time.
  validOrder: '', // Must be later than the start.
  saved: '', // Saved. The next message can be answered with it.
  fromFile: '', // Imported from {name}
  delete: '', // Delete this article?
  deleteHint: '', // The assistant no longer uses it. Answers that were given with it are kept.
  parts: '', // How it is searched
  partsHint: '', // Each of these passages can be found on its own.
  answers: '', // A customer asked:
  showConversation: '', // Show the conversation
  importTitle: '', // Upload files
  importHint: '', // Markdown, HTML, text, CSV, Word (.docx) or PDF, up to 20 MB each. Each row of a CSV file becomes an article, with the columns “title” and “content”.
  chooseFiles: '', // Choose files
  files: '', // Files
  fileMissing: '', // Choose at least one file.
  importTag: '', // Tag for these articles
  start: '', // Upload
  uploading: '', // Uploading…
  done: '', // Uploaded
  more: '', // Upload more
  imported: '', // {n, plural, one {# article} other {# articles}}
  skipped: '', // Line {line, number} was left out: {message}
  notImported: '', // Not uploaded
  unansweredTitle: '', // Unanswered questions
  unansweredDescription: '', // Questions for which no article had a clear answer, the latest first.
  noneUnanswered: '', // No unanswered questions
  noneUnansweredHint: '', // Questions appear here when the assistant searches the articles and finds nothing close.
  times: '', // Asked {n, plural, one {# time} other {# times}}
  write: '', // Write the article
  writeFor: '', // Write the article: {question}
  dismissQuestion: '', // Dismiss: {question}
  dismissed: '', // The question was removed from the list.
};
