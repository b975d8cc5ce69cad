import type { Translation } from '../../translate';
import type * as en from '../account';

export const accountTexts: Translation<typeof en.accountTexts> = {
  signUp: {
    title: 'Unternehmen anlegen',
    hint: 'Ihr Konto und Ihr Unternehmen werden zusammen angelegt. Ihr Team können Sie später einladen.',
    businessName: 'Name des Unternehmens',
    email: 'Ihre E-Mail-Adresse',
    submit: 'Unternehmen anlegen',
    submitting: 'Wird angelegt …',
    failed: 'Das Unternehmen konnte nicht angelegt werden',
    takenHint: 'Wenn Sie bereits ein Konto haben, melden Sie sich stattdessen an.',
    closed: 'Auf diesem Server können keine neuen Konten angelegt werden. Bitten Sie den Betreiber um eines.',
    invited: 'Um ein Unternehmen anzulegen, brauchen Sie einen Link vom Betreiber dieses Servers.',
    haveAccount: 'Sie haben bereits ein Konto? Anmelden',
  },
  forgot: {
    title: 'Passwort vergessen',
    hint: 'Geben Sie die E-Mail-Adresse Ihres Kontos ein. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort festlegen.',
    submit: 'Link senden',
    sent: 'Wenn es ein Konto mit der Adresse {email} gibt, erhält es in wenigen Minuten einen Link. Er ist eine Stunde lang gültig. Sehen Sie auch im Spam-Ordner nach.',
    noMail:
      'Dieser Server versendet keine E-Mails. Bitten Sie den Betreiber um einen Link, mit dem Sie ein neues Passwort festlegen können.',
    failed: 'Der Link konnte nicht gesendet werden',
    back: 'Zurück zur Anmeldung',
  },
  reset: {
    title: 'Neues Passwort festlegen',
    hint: 'Sie werden überall abgemeldet und melden sich mit dem neuen Passwort wieder an.',
    submit: 'Neues Passwort festlegen',
    failed: 'Das Passwort konnte nicht festgelegt werden',
    done: 'Ihr Passwort wurde geändert.',
    signIn: 'Anmelden',
    noToken:
      'Dieser Link ist unvollständig. Öffnen Sie den vollständigen Link aus der Nachricht oder fordern Sie einen neuen an.',
    askAgain: 'Neuen Link anfordern',
  },
  verify: {
    title: 'E-Mail-Adresse bestätigen',
    hint: 'Bestätigen Sie, dass {email} Ihre Adresse ist.',
    signInFirst: 'Melden Sie sich an, um die Adresse Ihres Kontos zu bestätigen.',
    submit: 'Adresse bestätigen',
    failed: 'Die Adresse konnte nicht bestätigt werden',
    done: 'Ihre Adresse ist bestätigt.',
    continue: 'Weiter',
  },
};
