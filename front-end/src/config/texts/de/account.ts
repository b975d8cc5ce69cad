import type { Translation } from '../../translate';
import type * as en from '../account';

export const accountTexts: Translation<typeof en.accountTexts> = {
  signUp: {
    title: '', // Create a business
    hint: '', // Your account and your business are created together. You can invite colleagues later.
    businessName: '', // Name of the business
    email: '', // Your email
    submit: '', // Create business
    submitting: '', // Creating…
    failed: '', // Could not create the business
    takenHint: '', // If you already have an account, sign in instead.
    closed: '', // New accounts cannot be created on this server. Ask its operator for one.
    invited: '', // You need a link from the operator of this server to create a business.
    haveAccount: '', // Already have an account? Sign in
  },
  forgot: {
    title: '', // Forgot password
    hint: '', // Enter the email address of your account. We send a link with which you choose a new password.
    submit: '', // Send link
    sent: '', // If there is an account with the address {email}, it receives a link in a few minutes. The link is valid for one hour. Look in your spam folder too.
    noMail: '', // This server does not send mail. Ask its operator for a link with which you can choose a new password.
    failed: '', // Could not send the link
    back: '', // Back to sign-in
  },
  reset: {
    title: '', // Choose a new password
    hint: '', // You are signed out everywhere, and sign in with the new password.
    submit: '', // Set new password
    failed: '', // Could not set the password
    done: '', // Your password was changed.
    signIn: '', // Sign in
    noToken: '', // This link is incomplete. Open the complete link from the message, or ask for a new one.
    askAgain: '', // Ask for a new link
  },
  verify: {
    title: '', // Confirm your email address
    hint: '', // Confirm that {email} is your address.
    signInFirst: '', // Sign in to confirm the address of your account.
    submit: '', // Confirm address
    failed: '', // Could not confirm the address
    done: '', // Your address is confirmed.
    continue: '', // Continue
  },
};
