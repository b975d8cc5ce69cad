import type { Translation } from '../../translate';
import type * as en from '../session';

export const introduction: Translation<typeof en.introduction> = {
  title: '', // Answer your customers with an assistant that you control
  points: {
    stages: '', // You describe the stages of a conversation: what the assistant asks, looks up, does and says.
    explanations: '', // For each answer you see why it was given, step by step.
    team: '', // Your team takes over whenever a person is needed.
  },
  openDemo: '', // Open the demo
  demoHint: '', // An invented shop with products, orders and conversations. You can change everything in it.
  demoFailed: '', // Could not open the demo
};

export const login: Translation<typeof en.login> = {
  title: '', // Sign in
  byEmail: '', // Email and password
  byKey: '', // Business key
  email: '', // Email
  password: '', // Password
  userId: '', // User ID
  businessId: '', // Business ID
  businessKey: '', // Business key
  keyHint: '', // Enter the three values you received when the business was created. The key is exchanged for a cookie that is valid for 12 hours. It is not stored in this browser.
  submit: '', // Sign in
  submitting: '', // Signing in…
  missing: '', // This field is required.
  notUuid: '', // Enter an ID such as 3f2b6c1e-….
  failed: '', // Could not sign in
  refused: '', // The IDs and the key do not match.
  code: '', // Code
  codeHint: '', // Enter the 6-digit code of your authenticator app, or one of your recovery codes.
  forgot: '', // Forgot password?
  createBusiness: '', // Create a business
  newBusiness: '', // Name of a new business
  refusedEmail: '', // Email or password is incorrect.
  ended: '', // Your session has ended
  endedHint: '', // Sign in again to continue. Your unsaved changes are still on the page.
  otherBusiness: '', // You signed in to a different business, so the page was reloaded.
  chooseBusiness: '', // Choose a business
  noBusiness: '', // You are not a member of any business. An owner can invite you.
};

export const invitation: Translation<typeof en.invitation> = {
  title: '', // Choose your password
  hint: '', // Choose a password for signing in to ICMP.
  hintFor: '', // Choose a password for signing in to ICMP with the address {email}.
  repeatPassword: '', // Repeat password
  minLength: '', // At least {n, plural, one {# character} other {# characters}}.
  mismatch: '', // The passwords do not match.
  submit: '', // Set password and sign in
  joinTitle: '', // Join a business
  joinBusiness: '', // Join {business}
  invited: '', // You have been invited to {business}. Your role: {role}.
  invitedBy: '', // {inviter} has invited you to {business}. Your role: {role}.
  joinHint: '', // If you already have an account with the address to which this link was sent, enter its password. Otherwise, choose a password.
  joinHintFor: '', // If you already have an account with the address {email}, enter its password. Otherwise, choose a password.
  newPassword: '', // New password
  newPasswordHint: '', // Your account is used in another business and was not verified. Choose a new password for it. All of its other sessions end.
  join: '', // Join
  joinAs: '', // Join as {email}
  failed: '', // Could not accept the invitation
  noToken: '', // This invitation link is incomplete. Open the complete link you received, or ask for a new one.
};
