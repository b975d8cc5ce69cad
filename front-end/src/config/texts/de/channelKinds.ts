import type { Translation } from '../../translate';
import type * as en from '../channelKinds';

export const channelKinds: Translation<typeof en.channelKinds> = {
  names: {
    email: 'E-Mail',
    generic: 'Allgemeiner Webhook',
    instagram: 'Instagram',
    messenger: 'Messenger',
    telegram: 'Telegram',
    whatsapp: 'WhatsApp',
    widget: 'Chat-Widget',
  },
  choices: {
    left: 'Links',
    right: 'Rechts',
    starttls: 'STARTTLS',
    tls: 'TLS',
  },
  fields: {
    meta: {
      human_agent: {
        title: 'Personen dürfen sieben Tage lang antworten',
        hint: 'Schalten Sie dies ein, wenn Meta die Funktion „Human Agent“ für Ihre App genehmigt hat. Sonst können Personen wie der Assistent bis 24 Stunden nach der letzten Nachricht des Kunden antworten.',
      },
      access_token: {
        title: 'Zugriffstoken',
        hint: 'Damit werden Ihre Nachrichten gesendet. Erstellen Sie eines, das nicht abläuft, mit einem Systemnutzer Ihres Unternehmensportfolios.',
      },
      app_secret: {
        title: 'App-Geheimnis',
        hint: 'Belegt, dass Anfragen von Meta kommen. In den Einstellungen der App unter „Allgemeines“.',
      },
      verify_token: {
        title: 'Verifizierungstoken',
        hint: 'Tragen Sie es in den Webhook-Einstellungen der App ein, zusammen mit der URL des Kanals.',
      },
    },
    email: {
      address: {
        title: 'Adresse',
        hint: 'An diese Adresse schreiben Kunden, und von ihr werden Antworten gesendet.',
      },
      sender_name: {
        title: 'Name des Absenders',
        hint: 'Wird mit der Adresse angezeigt, zum Beispiel der Name Ihres Unternehmens.',
      },
      subject: {
        title: 'Betreff neuer E-Mails',
        hint: 'Wird verwendet, wenn die E-Mail des Kunden keinen Betreff hat.',
      },
      user: {
        title: 'Benutzername',
        hint: 'Des Postfachs, für IMAP und SMTP. Meist die Adresse; sie wird verwendet, wenn das Feld leer ist.',
      },
      smtp_host: {
        title: 'SMTP-Server',
        hint: 'Sendet Antworten. Zum Beispiel smtp.example.com.',
      },
      smtp_port: {
        title: 'SMTP-Port',
        hint: '587 für STARTTLS, 465 für TLS.',
      },
      smtp_security: {
        title: 'SMTP-Verschlüsselung',
        hint: 'Wie die Verbindung verschlüsselt wird.',
      },
      imap_host: {
        title: 'IMAP-Server',
        hint: 'Empfängt E-Mails. Lassen Sie das Feld leer, wenn stattdessen ein Anbieter E-Mails an die Webhook-URL sendet.',
      },
      imap_port: {
        title: 'IMAP-Port',
        hint: '993 für TLS, 143 für STARTTLS.',
      },
      imap_security: {
        title: 'IMAP-Verschlüsselung',
        hint: 'Wie die Verbindung verschlüsselt wird.',
      },
      imap_folder: {
        title: 'Ordner',
        hint: 'E-Mails in diesem Ordner werden beantwortet.',
      },
      authentication_server: {
        title: 'Server, der Absender prüft',
        hint: 'Der Name am Anfang des Headers Authentication-Results der E-Mails, die Sie empfangen, zum Beispiel mx.google.com. Wenn er angegeben ist, werden nur E-Mails beantwortet, deren Absender dieser Server für echt befunden hat.',
      },
      password: {
        title: 'Passwort',
        hint: 'Des Postfachs, für IMAP und SMTP. Viele Anbieter verlangen ein App-Passwort.',
      },
      webhook_password: {
        title: 'Passwort des Webhooks',
        hint: 'Ein Anbieter, der E-Mails an die Webhook-URL sendet, verwendet es als Passwort der HTTP-Basic-Authentifizierung.',
      },
    },
    generic: {
      url: {
        title: 'URL für Antworten',
        hint: 'An diese URL sendet ICMP jede Antwort mit einer POST-Anfrage.',
      },
      signing_secret: {
        title: 'Signaturschlüssel',
        hint: 'Damit werden die Anfragen in beiden Richtungen signiert. Tragen Sie ihn in Ihrer Standard-Webhooks-Bibliothek ein.',
      },
    },
    instagram: {
      instagram_account_id: {
        title: 'Instagram-Konto-ID',
        hint: 'Die ID des professionellen Kontos in den Einstellungen der App, unter Messenger, Instagram-Einstellungen. Es ist nicht der Nutzername.',
      },
      page_id: {
        title: 'Seiten-ID',
        hint: 'Die ID der Facebook-Seite, mit der das Konto verknüpft ist.',
      },
    },
    messenger: {
      page_id: {
        title: 'Seiten-ID',
        hint: 'Die ID Ihrer Facebook-Seite, in ihren Einstellungen unter „Seitentransparenz“.',
      },
    },
    telegram: {
      bot_token: {
        title: 'Bot-Token',
        hint: '@BotFather sendet es Ihnen, wenn Sie den Bot anlegen.',
      },
      webhook_secret: {
        title: 'Webhook-Secret',
        hint: 'Telegram sendet es mit jeder Anfrage. Verwenden Sie nur Buchstaben ohne Umlaute, Ziffern, - und _.',
      },
    },
    whatsapp: {
      phone_number_id: {
        title: 'ID der Telefonnummer',
        hint: 'Die ID unter der Nummer in den Einstellungen der App, unter WhatsApp, API-Einrichtung. Es ist nicht die Nummer selbst.',
      },
      ratings: {
        title: 'Bewertungen',
        hint: 'Antworten haben die Schaltflächen 👍 und 👎, außer sie haben andere Schaltflächen oder mehr als 1.024 Zeichen.',
      },
    },
    widget: {
      allowed_origins: {
        title: 'Websites',
        hint: 'Die Adressen der Websites, die das Widget zeigen, zum Beispiel https://www.example.com, oder https://*.example.com für alle Subdomains. Andere Websites können es nicht verwenden.',
      },
      color: {
        title: 'Farbe',
        hint: 'Die Farbe der Schaltfläche und der Nachrichten des Besuchers.',
      },
      position: {
        title: 'Position',
        hint: 'Die Ecke der Seite, in der sich die Schaltfläche befindet.',
      },
      languages: {
        title: 'Sprachen',
        hint: 'Die Sprachen des Widgets als Kürzel wie de. Besucher mit einer anderen Sprache erhalten die erste. Ohne Angabe verwendet das Widget die Sprache der Seite.',
      },
      title: {
        title: 'Titel',
        hint: 'Oben im Fenster. Ohne Angabe der Name des Kanals.',
      },
      greeting: {
        title: 'Begrüßung',
        hint: 'Was Besucher sehen, bevor sie etwas geschrieben haben.',
      },
      starters: {
        title: 'Startnachrichten',
        hint: 'Nachrichten, die Besucher mit einem Klick senden können.',
      },
      away_message: {
        title: 'Abwesenheitsnachricht',
        hint: 'Wird außerhalb der Öffnungszeiten gezeigt. Ohne Angabe sagt das Widget, wann das Team wieder da ist.',
      },
      ratings: {
        title: 'Bewertungen',
        hint: 'Besucher können jede Antwort als gut oder schlecht bewerten, und die Unterhaltung, sobald sie beendet ist.',
      },
      identity_secret: {
        title: 'Identitäts-Secret',
        hint: 'Damit signiert Ihr Server die Identitäten angemeldeter Kunden.',
      },
    },
  },
};
