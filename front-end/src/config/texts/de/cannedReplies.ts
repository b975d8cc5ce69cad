import type { Translation } from '../../translate';
import type * as en from '../cannedReplies';

export const cannedReplies: Translation<typeof en.cannedReplies> = {
  title: '', // Canned replies
  description: '', // Texts that your team inserts into messages. In the inbox, type / and the shortcut.
  new: '', // New canned reply
  edit: '', // Edit “{title}”
  delete: '', // Delete “{title}”
  deleteTitle: '', // Delete “{title}”?
  deleteHint: '', // Messages that were written with it are kept.
  shortcut: '', // Shortcut
  shortcutHint: '', // For example “hours”, which is inserted with /hours.
  replyTitle: '', // Title
  content: '', // Text
  contentHint: '', // Type '{' to insert a variable. It is filled in for the conversation when the text is inserted.
  needed: '', // This field is required.
  empty: '', // No canned replies yet
  emptyHint: '', // Write down what your team answers often, such as opening hours or how to return an item.
  emptyHintReadOnly: '', // Agents and owners can create them.
  noMatch: '', // No canned replies match your search
};
