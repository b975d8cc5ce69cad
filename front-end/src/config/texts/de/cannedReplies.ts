import type { Translation } from '../../translate';
import type * as en from '../cannedReplies';

export const cannedReplies: Translation<typeof en.cannedReplies> = {
  title: 'Textbausteine',
  description: 'Texte, die Ihr Team in Nachrichten einfügt. Geben Sie im Posteingang / und das Kürzel ein.',
  new: 'Neuer Textbaustein',
  edit: '„{title}“ bearbeiten',
  delete: '„{title}“ löschen',
  deleteTitle: '„{title}“ löschen?',
  deleteHint: 'Nachrichten, die damit geschrieben wurden, bleiben erhalten.',
  shortcut: 'Kürzel',
  shortcutHint: 'Zum Beispiel „zeiten“, das mit /zeiten eingefügt wird.',
  replyTitle: 'Titel',
  content: 'Text',
  contentHint:
    "Geben Sie '{' ein, um eine Variable einzufügen. Sie wird für das Gespräch ausgefüllt, sobald der Text eingefügt wird.",
  needed: 'Dieses Feld ist erforderlich.',
  empty: 'Noch keine Textbausteine',
  emptyHint:
    'Schreiben Sie auf, was Ihr Team oft antwortet, zum Beispiel Öffnungszeiten oder wie man einen Artikel zurücksendet.',
  emptyHintReadOnly: 'Agenten und Inhaber können sie anlegen.',
  noMatch: 'Keine Textbausteine passen zu Ihrer Suche',
};
