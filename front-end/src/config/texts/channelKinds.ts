/** Texts of the kinds of channels. The English ones are those of `channels/`: tests/architecture compares them. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/channelKinds.ts'));

export const channelKinds = translate('channelKinds', {
  names: {
    email: 'E-mail',
    generic: 'Generic webhook',
    instagram: 'Instagram',
    messenger: 'Messenger',
    telegram: 'Telegram',
    whatsapp: 'WhatsApp',
    widget: 'Chat widget',
  },
  choices: {
    left: 'Left',
    right: 'Right',
    starttls: 'STARTTLS',
    tls: 'TLS',
  },
  fields: {
    meta: {
      human_agent: {
        title: 'People may answer for seven days',
        hint: 'Turn it on if Meta has approved the feature Human Agent for your app. Otherwise people, like the assistant, can answer for 24 hours after the customer’s last message.',
      },
      access_token: {
        title: 'Access token',
        hint: 'Sends your messages. Create one that does not expire, with a system user of your business portfolio.',
      },
      app_secret: {
        title: 'App secret',
        hint: 'Proves that requests come from Meta. In the app’s settings, under Basic.',
      },
      verify_token: {
        title: 'Verify token',
        hint: 'Enter it in the app’s webhook settings, together with the channel’s URL.',
      },
    },
    email: {
      address: { title: 'Address', hint: 'Customers write to this address, and replies are sent from it.' },
      sender_name: { title: 'Name of the sender', hint: 'Shown with the address, such as the name of your business.' },
      subject: { title: 'Subject of new mails', hint: 'Used if the customer’s mail has no subject.' },
      user: {
        title: 'User name',
        hint: 'Of the mailbox; for IMAP and SMTP. Usually the address, which is used if it is empty.',
      },
      smtp_host: { title: 'SMTP server', hint: 'Sends replies. Such as smtp.example.com.' },
      smtp_port: { title: 'SMTP port', hint: '587 for STARTTLS, 465 for TLS.' },
      smtp_security: { title: 'SMTP encryption', hint: 'How the connection is encrypted.' },
      imap_host: {
        title: 'IMAP server',
        hint: 'Receives mails. Leave it out if a provider sends mails to the webhook address instead.',
      },
      imap_port: { title: 'IMAP port', hint: '993 for TLS, 143 for STARTTLS.' },
      imap_security: { title: 'IMAP encryption', hint: 'How the connection is encrypted.' },
      imap_folder: { title: 'Folder', hint: 'Mails in this folder are answered.' },
      authentication_server: {
        title: 'Server that checks senders',
        hint: 'The name at the start of the header Authentication-Results of mails that you receive, such as mx.google.com. If it is set, only mails whose sender this server has found genuine are answered.',
      },
      password: {
        title: 'Password',
        hint: 'Of the mailbox, for IMAP and SMTP. Many providers require an app password.',
      },
      webhook_password: {
        title: 'Password of the webhook',
        hint: 'A provider that sends mails to the webhook address uses it as the password of HTTP Basic authentication.',
      },
    },
    generic: {
      url: { title: 'URL for replies', hint: 'Where ICMP sends each reply with a POST request.' },
      signing_secret: {
        title: 'Signing secret',
        hint: 'Signs the requests in both directions. Enter it in your Standard Webhooks library.',
      },
    },
    instagram: {
      instagram_account_id: {
        title: 'Instagram account ID',
        hint: 'The ID of the professional account in the app’s settings, under Messenger, Instagram settings. It is not the user name.',
      },
      page_id: { title: 'Page ID', hint: 'The ID of the Facebook page to which the account is linked.' },
    },
    messenger: {
      page_id: { title: 'Page ID', hint: 'The ID of your Facebook page, in its settings, under Page transparency.' },
    },
    telegram: {
      bot_token: { title: 'Bot token', hint: '@BotFather sends it to you when you create the bot.' },
      webhook_secret: {
        title: 'Webhook secret',
        hint: 'Telegram sends it with each request. Use letters, digits, - and _ only.',
      },
    },
    whatsapp: {
      phone_number_id: {
        title: 'Phone number ID',
        hint: 'The ID below the number in the app’s settings, under WhatsApp, API Setup. It is not the number itself.',
      },
      ratings: {
        title: 'Ratings',
        hint: 'Answers have the buttons 👍 and 👎, unless they have other buttons or more than 1,024 characters.',
      },
    },
    widget: {
      allowed_origins: {
        title: 'Websites',
        hint: 'The addresses of the websites that show the widget, such as https://www.example.com, or https://*.example.com for all its subdomains. Other websites cannot use it.',
      },
      color: { title: 'Colour', hint: 'The color of the button and of the visitor’s messages.' },
      position: { title: 'Position', hint: 'The corner of the page in which the button is.' },
      languages: {
        title: 'Languages',
        hint: 'The languages of the widget, as tags such as de. Visitors with another language get the first one. Without any, the widget uses the language of the page.',
      },
      title: { title: 'Title', hint: 'At the top of the window. Without one, the channel’s name.' },
      greeting: { title: 'Greeting', hint: 'What visitors see before they have written anything.' },
      starters: { title: 'Starter messages', hint: 'Messages that visitors can send with one click.' },
      away_message: {
        title: 'Away message',
        hint: 'Shown outside the business hours. Without one, the widget says when the team is back.',
      },
      ratings: {
        title: 'Ratings',
        hint: 'Visitors can rate each answer as good or bad, and the conversation once it has ended.',
      },
      identity_secret: {
        title: 'Identity secret',
        hint: 'Your server signs the identities of signed-in customers with it.',
      },
    },
  },
});
