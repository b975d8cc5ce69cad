/** Texts of the page with the export and the deletion of the business. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/exports.ts'));

export const exportTexts = translate('exportTexts', {
  title: 'Export and delete',
  description: 'Take all data of this business with you, or delete the business.',
  needsLogin:
    'You are connected with the business key. Sign in with your email address as an owner to export or delete the business.',
  export: 'Export all data',
  exportHint:
    'A ZIP file with everything of this business: customers, conversations with all steps, orders, products, articles, stages, templates, settings, team and audit log. Each file in it has one JSON object per line. Passwords, keys and the values of secrets are not included. The file is kept for seven days, or until the next export.',
  create: 'Create export',
  started: 'The export was started. You can leave this page.',
  exports: 'Exports',
  statuses: {
    waiting: 'Waiting',
    running: 'In progress',
    finished: 'Ready',
    failed: 'Failed. Create the export again.',
  },
  rows: '{n, plural, one {# row} other {# rows}}',
  keptUntil: 'kept until {time}',
  download: 'Download',
  delete: 'Delete the export of {date}',
  deleteTitle: 'Delete this export?',
  deleteHint: 'The file is deleted. The data of the business is not affected.',
  remove: 'Delete the business',
  removeHint:
    'Seven days later, the business is deleted with all its data: customers, conversations, orders, settings and this team’s access. Until then everything works as before, and each owner can cancel the deletion. Afterwards nothing can be restored. What remains is one entry in the audit log of the platform, with the time and your account. The accounts of the members remain too, without access to this business.',
  removeButton: 'Delete business…',
  confirmTitle: 'Delete “{name}” in seven days?',
  confirmHint: 'To confirm, enter the name of the business: {name}',
  name: 'Name of the business',
  wrongName: 'This is not the name of the business.',
  confirm: 'Delete in seven days',
  plannedHint: 'Everything works until then.',
  cancel: 'Cancel deletion',
  cancelled: 'The business will not be deleted.',
});
