import type { Translation } from '../../translate';
import type * as en from '../session';

export const introduction: Translation<typeof en.introduction> = {
  title: 'Ein Assistent für Ihre Kunden – unter Ihrer Kontrolle',
  points: {
    stages: 'Sie beschreiben die Phasen eines Gesprächs: was der Assistent fragt, abruft, tut und sagt.',
    explanations: 'Bei jeder Antwort sehen Sie Schritt für Schritt, wie sie zustande kam.',
    team: 'Ihr Team übernimmt, sobald ein Mensch gebraucht wird.',
  },
  openDemo: 'Demo öffnen',
  demoHint: 'Ein erfundener Shop mit Produkten, Bestellungen und Gesprächen. Sie können alles darin ändern.',
  demoFailed: 'Die Demo konnte nicht geöffnet werden',
};

export const login: Translation<typeof en.login> = {
  title: 'Anmelden',
  byEmail: 'E-Mail und Passwort',
  byKey: 'Unternehmensschlüssel',
  email: 'E-Mail',
  password: 'Passwort',
  userId: 'Benutzer-ID',
  businessId: 'Unternehmens-ID',
  businessKey: 'Unternehmensschlüssel',
  keyHint:
    'Geben Sie die drei Werte ein, die Sie beim Anlegen des Unternehmens erhalten haben. Der Schlüssel wird gegen ein Cookie getauscht, das 12 Stunden gültig ist. Er wird nicht in diesem Browser gespeichert.',
  submit: 'Anmelden',
  submitting: 'Anmeldung läuft …',
  missing: 'Dieses Feld ist erforderlich.',
  notUuid: 'Geben Sie eine ID wie 3f2b6c1e-… ein.',
  failed: 'Anmeldung nicht möglich',
  refused: 'Die IDs und der Schlüssel passen nicht zusammen.',
  code: 'Code',
  codeHint: 'Geben Sie den 6-stelligen Code Ihrer Authenticator-App oder einen Ihrer Wiederherstellungscodes ein.',
  forgot: 'Passwort vergessen?',
  createBusiness: 'Unternehmen anlegen',
  newBusiness: 'Name des neuen Unternehmens',
  refusedEmail: 'E-Mail-Adresse oder Passwort ist falsch.',
  ended: 'Ihre Sitzung ist beendet',
  endedHint: 'Melden Sie sich wieder an, um fortzufahren. Ihre nicht gespeicherten Änderungen sind noch auf der Seite.',
  otherBusiness: 'Sie haben sich bei einem anderen Unternehmen angemeldet, deshalb wurde die Seite neu geladen.',
  chooseBusiness: 'Unternehmen auswählen',
  noBusiness: 'Sie sind in keinem Unternehmen Mitglied. Ein Inhaber kann Sie einladen.',
};

export const invitation: Translation<typeof en.invitation> = {
  title: 'Passwort festlegen',
  hint: 'Legen Sie ein Passwort für die Anmeldung bei ICMP fest.',
  hintFor: 'Legen Sie ein Passwort fest, mit dem Sie sich unter der Adresse {email} bei ICMP anmelden.',
  repeatPassword: 'Passwort wiederholen',
  minLength: 'Mindestens {n, plural, one {# Zeichen} other {# Zeichen}}.',
  mismatch: 'Die Passwörter stimmen nicht überein.',
  submit: 'Passwort festlegen und anmelden',
  joinTitle: 'Unternehmen beitreten',
  joinBusiness: '{business} beitreten',
  invited: 'Sie wurden zu {business} eingeladen. Ihre Rolle: {role}.',
  invitedBy: '{inviter} hat Sie zu {business} eingeladen. Ihre Rolle: {role}.',
  joinHint:
    'Wenn Sie bereits ein Konto mit der Adresse haben, an die dieser Link gesendet wurde, geben Sie dessen Passwort ein. Andernfalls legen Sie ein Passwort fest.',
  joinHintFor:
    'Wenn Sie bereits ein Konto mit der Adresse {email} haben, geben Sie dessen Passwort ein. Andernfalls legen Sie ein Passwort fest.',
  newPassword: 'Neues Passwort',
  newPasswordHint:
    'Ihr Konto wird in einem anderen Unternehmen verwendet und wurde nicht bestätigt. Legen Sie ein neues Passwort dafür fest. Alle anderen Sitzungen des Kontos werden beendet.',
  join: 'Beitreten',
  joinAs: 'Als {email} beitreten',
  failed: 'Die Einladung konnte nicht angenommen werden',
  noToken:
    'Dieser Einladungslink ist unvollständig. Öffnen Sie den vollständigen Link, den Sie erhalten haben, oder bitten Sie um einen neuen.',
};
