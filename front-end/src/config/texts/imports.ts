/** Texts of the imports page. Not part of `texts`: the first page does not need them. */

import { count } from './common';

export const importTexts = {
  title: 'Imports',
  description:
    'Create or update orders, products or customers from a CSV or NDJSON file. Importing a file twice changes nothing the second time.',
  new: 'New import',
  empty: 'No imports yet',
  emptyHint: 'Upload a file to add your orders, products or customers. A dry run shows what would change.',
  resource: 'Contains',
  resources: { orders: 'Orders', products: 'Products', users: 'Customers' },
  columns: {
    orders: 'One row per order, with the columns order_number and user.external_id.',
    products: 'One row per product, with the columns sku and product_name.',
    users: 'One row per customer, with the column external_id.',
  },
  file: 'File',
  chooseFile: 'Choose file',
  fileHint: 'CSV with column names in the first row, or one JSON object per line (.ndjson, .jsonl). At most 50 MB.',
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
  ignoreUnknown: 'Ignore unknown columns',
  start: 'Upload',
  uploading: 'Uploading…',
  statuses: {
    uploading: 'Uploading',
    waiting: 'Waiting',
    running: 'Running',
    finished: 'Finished',
    failed: 'Failed',
  },
  progress: (name: string) => `Progress of the import of ${name}`,
  counts: (created: number, updated: number, unchanged: number, isDryRun: boolean) =>
    [
      `${created.toLocaleString()} ${isDryRun ? 'would be created' : 'created'}`,
      `${updated.toLocaleString()} ${isDryRun ? 'would be updated' : 'updated'}`,
      `${unchanged.toLocaleString()} unchanged`,
    ].join(' · '),
  invalid: (n: number) => count(n, 'invalid line', 'invalid lines'),
  invalidTitle: 'Invalid lines',
  onlyFirst: (shown: number, n: number) => `The first ${shown} of ${count(n, 'invalid line', 'invalid lines')}.`,
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
  notifyDefault: 'News about your order {order_number}: it is now {status}.',
  notifyHint:
    'Written once per change in the customer’s latest open conversation, but not while a person handles it. Placeholders: {order_number}, {status}, {tracking_number}, {shipping_carrier}, {shipping_address}, {order_total}, {currency}.',
} as const;
