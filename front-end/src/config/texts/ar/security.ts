import type { Translation } from '../../translate';
import type * as en from '../security';

export const securityTexts: Translation<typeof en.securityTexts> = {
  title: '', // Security
  description: '', // How your account is protected, and where you are signed in.
  descriptionOfKey: '', // Where the business key is in use.
  email: {
    title: '', // Email address
    confirmed: '', // {email} is confirmed.
    unconfirmed: '', // {email} is not confirmed yet.
    noMail: '', // This server does not send mail, so addresses cannot be confirmed.
    none: '', // Your account has no email address.
    hint: '', // You can invite colleagues by mail once it is confirmed.
    send: '', // Send a link
    sent: '', // If you have not received a link in the last five minutes, it will arrive shortly.
  },
  password: {
    title: '', // Password
    hint: '', // All your other sessions end when you change it.
    current: '', // Current password
    next: '', // New password
    submit: '', // Change password
    done: '', // The password was changed.
  },
  totp: {
    title: '', // Two-step sign-in
    off: '', // Off. With an authenticator app, a stolen password is not enough to sign in as you.
    on: '', // On. Signing in needs a code of your authenticator app.
    codesLeft: '', // {n, plural, one {# recovery code left.} other {# recovery codes left.}}
    setUp: '', // Set up
    setUpTitle: '', // Set up two-step sign-in
    password: '', // Your password
    continue: '', // Continue
    scan: '', // Scan this code with an authenticator app, such as Google Authenticator, Aegis or 1Password.
    qrCode: '', // QR code for the authenticator app
    byHand: '', // Or enter this key by hand:
    key: '', // Key for the authenticator app
    code: '', // Code that the app shows
    anyCode: '', // Code of the app, or a recovery code
    enable: '', // Turn on
    enabled: '', // Two-step sign-in is on. Your other sessions were signed out.
    remove: '', // Turn off
    removeTitle: '', // Turn off two-step sign-in?
    removed: '', // Two-step sign-in is off.
    newCodes: '', // New recovery codes
    newCodesTitle: '', // Replace your recovery codes?
    newCodesSubmit: '', // Replace
    codesTitle: '', // Your recovery codes
    codesHint: '', // Each code replaces the app for one sign-in, for example if you lose your phone. Store them in a safe place: they are shown only now.
    codes: '', // Recovery codes
    done: '', // I have stored them
  },
  sessions: {
    title: '', // Sessions
    ofUser: '', // The browsers and scripts that are signed in with your account.
    ofKey: '', // The browsers that are connected with the business key.
    current: '', // This browser
    browser: '', // {name} on {system}
    started: '', // Signed in
    ends: '', // Ends
    confirmTitle: '', // Sign out this session?
    confirmBody: '', // It ends immediately. If you do not recognise it, change your password too.
    revoked: '', // The session was signed out.
  },
};
