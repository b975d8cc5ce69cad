import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/imports.ts'));

export const importTexts = translate('importTexts', {
  title: 'Imports',
  description:
    'Create or update orders, products or customers from a CSV or NDJSON file. Importing a file twice changes nothing the second time.',
  new: 'New import',
  empty: 'No imports yet',
  emptyHint: 'Upload a file to add your orders, products or customers. A dry run shows what would change.',
  resource: 'Contains',
  resources: { orders: 'Orders', products: 'Products', users: 'Customers' },
  columns: {
    orders: 'One row per order, with its number and your ID of the customer.',
    products: 'One row per product, with its SKU and its name.',
    users: 'One row per customer, with your ID.',
  },
  file: 'File',
  chooseFile: 'Choose file',
  fileHint:
    'CSV with the names of the columns in the first row, or one JSON object per line (.ndjson, .jsonl). At most 50 MB.',
  fileMissing: 'Choose a file.',
  encoding: 'Encoding',
  encodings: {
    'utf-8': 'UTF-8 or UTF-16',
    'windows-1252': 'Windows-1252 (Western European)',
    'windows-1250': 'Windows-1250 (Central European)',
    'windows-1251': 'Windows-1251 (Cyrillic)',
    'windows-1256': 'Windows-1256 (Arabic)',
    shift_jis: 'Shift JIS (Japanese)',
    gb18030: 'GB18030 (Chinese)',
  },
  dryRun: 'Dry run: only check the file',
  dryRunChip: 'Dry run',
  ignoreUnknown: 'Ignore unknown fields',
  decimalComma: 'Numbers have a decimal comma, such as 1.234,50',
  preview: 'What the columns contain',
  previewHint: 'ICMP has guessed the fields by the names of the columns. Correct what is wrong.',
  column: 'Column',
  field: 'Field',
  fieldOf: 'Field of the column {column}',
  ignored: 'Ignore',
  ofCustomer: 'Customer: {field}',
  missing: 'No column contains: {fields}. Choose one.',
  twice: 'Only one column can contain: {fields}.',
  undo: 'Undo',
  undoTitle: 'Undo this import?',
  undoHint:
    'Deletes what this import has created, and restores what it has changed. Rows that were changed or used since are kept.',
  undoing: 'Undoing…',
  undoStatus:
    'Undone: {undone, plural, one {# row} other {# rows}}{kept, plural, =0 {} one { · # row kept} other { · # rows kept}}',
  undoFailed: 'The undo was given up because of an unexpected error.',
  showKept: '{kept, plural, one {# row} other {# rows}} kept',
  keptTitle: 'Rows that the undo has kept',
  keptHint: 'They were changed or used since the import, so you decide about them.',
  start: 'Upload',
  uploading: 'Uploading…',
  statuses: {
    uploading: 'Uploading',
    waiting: 'Waiting',
    running: 'Running',
    finished: 'Finished',
    failed: 'Failed',
  },
  progress: 'Progress of the import of {name}',
  counts:
    '{created, plural, one {# row created} other {# rows created}} · {updated, plural, one {# row updated} other {# rows updated}} · {unchanged, plural, one {# row unchanged} other {# rows unchanged}}',
  dryRunCounts:
    '{created, plural, one {# row would be created} other {# rows would be created}} · {updated, plural, one {# row would be updated} other {# rows would be updated}} · {unchanged, plural, one {# row unchanged} other {# rows unchanged}}',
  invalid: '{n, plural, one {# invalid line} other {# invalid lines}}',
  invalidTitle: 'Invalid lines',
  onlyFirst: 'The first {shown, number} of {n, plural, one {# invalid line} other {# invalid lines}}.',
  line: 'Line',
  reason: 'Reason',
  notify: 'Tell customers about',
  notifyNothing: 'No changes',
  notifyFields: {
    status: 'Status',
    tracking_number: 'Tracking number',
    shipping_carrier: 'Carrier',
    shipping_address: 'Shipping address',
  },
  notifyText: 'Message',
  notifyDefault: "News about your order '{order_number}': it is now '{status}'.",
  notifyHint:
    "Written once per change in the customer’s latest open conversation, but not while a person handles it. Placeholders: '{order_number}', '{status}', '{tracking_number}', '{shipping_carrier}', '{shipping_address}', '{order_total}', '{currency}'.",
});
