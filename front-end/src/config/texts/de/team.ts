import type { Translation } from '../../translate';
import type * as en from '../team';

export const teamTexts: Translation<typeof en.teamTexts> = {
  title: 'Team',
  description: 'Wer für dieses Unternehmen arbeitet und was jede Person darf.',
  needsLogin:
    'Sie sind mit dem Unternehmensschlüssel verbunden. Melden Sie sich als Inhaber mit Ihrer E-Mail-Adresse an, um das Team zu sehen und zu ändern.',
  members: 'Mitglieder',
  you: 'Sie',
  role: 'Rolle',
  roleOf: 'Rolle von {name}',
  roles: {
    owner: 'Inhaber',
    agent: 'Agent',
    viewer: 'Betrachter',
  },
  roleHints: {
    owner: 'Ändert alles: Phasen, Einstellungen, Daten, Schlüssel und das Team.',
    agent:
      'Antwortet Kunden im Posteingang und schreibt im Testbereich. Sieht alles andere außer Schlüsseln und Secrets.',
    viewer: 'Sieht Gespräche, Phasen und Daten. Ändert nichts.',
  },
  roleChanged: '{name} ist jetzt {role, select, owner {Inhaber} agent {Agent} other {Betrachter}}.',
  ownRoleTitle: 'Rolle als Inhaber aufgeben?',
  ownRoleBody:
    'Danach können Sie keine Einstellungen mehr ändern, und nur ein anderer Inhaber kann Ihnen die Rolle zurückgeben.',
  ownRoleConfirm: 'Rolle aufgeben',
  notSignedIn: 'Hat sich noch nicht angemeldet',
  newLink: 'Neuer Link',
  newLinkFor: 'Neuer Link für {name}',
  remove: 'Entfernen',
  removeOf: '{name} entfernen',
  removeTitle: '{name} entfernen?',
  removeHint:
    'Diese Person verliert sofort den Zugriff. Ihre Gespräche sind nicht mehr zugewiesen. Ist sie Inhaber, werden auch alle offenen Einladungen widerrufen.',
  removed: '{name} wurde aus dem Team entfernt.',
  invite: 'Einladen',
  inviteTitle: 'Jemanden ins Team einladen',
  email: 'E-Mail-Adresse',
  firstName: 'Vorname',
  lastName: 'Nachname',
  nameHint: 'Wird verwendet, wenn diese Adresse noch kein Konto hat. Die Person kann ihn sehen.',
  emailNeeded: 'Geben Sie eine E-Mail-Adresse ein.',
  nameNeeded: 'Geben Sie einen Namen ein.',
  create: 'Einladung erstellen',
  added: '{name} hat ein Konto und ist jetzt Mitglied.',
  invitations: 'Offene Einladungen',
  invitationsHint: 'Diese Personen haben noch nicht angenommen. Ein neuer Link ersetzt den vorherigen.',
  expires: 'Gültig bis {time}',
  expired: 'Abgelaufen',
  revoke: 'Widerrufen',
  revokeOf: 'Einladung von {email} widerrufen',
  revokeTitle: 'Einladung von {email} widerrufen?',
  revokeHint: 'Der Link funktioniert sofort nicht mehr.',
  revoked: 'Einladung widerrufen.',
};
