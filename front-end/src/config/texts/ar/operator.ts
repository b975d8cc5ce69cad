import type { Translation } from '../../translate';
import type * as en from '../operator';

export const operatorTexts: Translation<typeof en.operatorTexts> = {
  onlyOperators: '', // Only operators of the platform can see this page.
  businesses: '', // Businesses
  businessesDescription: '', // All businesses on this platform, newest first, with their usage in the last seven days.
  searchBusinesses: '', // Search by name
  noBusinesses: '', // No businesses yet
  noMatch: '', // Nothing matches
  members: '', // {n, plural, one {# member} other {# members}}
  conversations: '', // {n, plural, one {# conversation} other {# conversations}}
  messages: '', // {n, plural, one {# message} other {# messages}}
  calls: '', // {n, plural, one {# call to the model} other {# calls to the model}}{failed, plural, =0 {} other {, # failed}}
  created: '', // Created
  deletedOn: '', // Will be deleted on
  open: '', // Open
  openOf: '', // Open {name}
  inviteBusiness: '', // Invite a business
  newBusiness: '', // the owner of a new business
  users: '', // Users
  usersDescription: '', // The accounts of all members of businesses and of operators, newest first.
  searchUsers: '', // Search by name or email address
  noUsers: '', // No accounts yet
  operator: '', // Operator
  unverified: '', // Not verified
  secondFactor: '', // Second factor
  noPassword: '', // No password yet
  noBusiness: '', // No business
  signedIn: '', // Signed in
  passwordLink: '', // Password link
  passwordLinkOf: '', // Password link for {name}
  removeFactor: '', // Remove second factor
  removeFactorOf: '', // Remove the second factor of {name}
  removeFactorTitle: '', // Remove the second factor of {name}?
  factorRemoved: '', // Second factor removed.
  removeFactorHint: '', // Afterwards the password alone is enough. Do this only if you are sure that you speak with the owner of the account.
  platform: '', // Platform health
  platformDescription: '', // The processes of the server, the work in progress, and the database. Updated every five seconds.
  processes: '', // Processes
  processesHint: '', // Work of a process without a heartbeat for ten seconds is taken over by another one.
  heartbeat: '', // Last heartbeat
  noProcesses: '', // No process has recorded a heartbeat.
  turns: '', // Messages in progress
  turnsNow: '', // {running, number} being answered, {waiting, number} waiting for earlier ones
  database: '', // Database
  databaseNow: '', // PostgreSQL {version}, {size}
  model: '', // Model
  noModel: '', // No model is connected. Businesses without a model server of their own are answered by rules.
  modelNow: '', // Default: {name}
  anyModel: '', // Businesses may choose any model of this server. The setting ALLOWED_MODELS limits them.
  allowedModels: '', // Businesses may choose: {names}. The setting ALLOWED_MODELS contains this list.
  jobs: '', // Background jobs
  jobsHint: '', // Due jobs start within a second, unless all processes are busy. Failing ones are tried again.
  noJobs: '', // No jobs are waiting.
  job: '', // Job
  jobNumbers: {
    running: '', // Running
    due: '', // Due
    later: '', // Later
    failing: '', // Failing
  },
  lastError: '', // Last error: {error}
  templates: '', // Default templates
  templatesDescription: '', // The prompts that new stages start with. A change affects the next message of every business whose own template is empty.
  noTemplates: '', // No default templates
  changed: '', // Changed
};
