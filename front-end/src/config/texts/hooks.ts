/** Texts of the hooks page. Not part of `texts`: the first page does not need them. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/hooks.ts'));

export const hookTexts = translate('hookTexts', {
  title: 'Hooks',
  description:
    'Addresses (URLs) to which a shop or another system sends its orders, products or customers whenever they change.',
  new: 'New hook',
  empty: 'No hooks yet',
  emptyHint:
    'Add one for your shop, and its orders are always up to date here. There are recipes for Shopify and WooCommerce.',
  edit: 'Edit {name}',
  delete: 'Delete {name}',
  deleteTitle: 'Delete “{name}”?',
  deleteHint: 'What is sent to its URL is rejected from then on.',
  recipe: 'Start with',
  recipes: { empty: 'An empty mapping', shopify: 'Shopify orders', woocommerce: 'WooCommerce orders' },
  url: 'URL',
  copyUrl: 'Copy the URL of {name}',
  secret: 'Secret',
  copySecret: 'Copy the secret',
  createdTitle: 'The hook is ready',
  createdHint: 'Enter both in the other system. The secret is not shown again.',
  secretHint: 'The secret with which the other system signs. Leave it empty to generate one.',
  secretKept: 'Leave it empty to keep the current secret.',
  secretInvalid: 'Enter at least 8 characters, or nothing.',
  nameMissing: 'Enter a name.',
  signatureHeader: 'Header with the signature',
  headerInvalid: 'Use only letters, digits and hyphens.',
  signatureEncoding: 'Encoding of the signature',
  encodings: { hex: 'Hexadecimal', base64: 'Base64' },
  deliveryHeader: 'Header with the delivery ID',
  deliveryHeaderHint: 'Optional. With it, a repeated delivery is not processed twice.',
  mapping: 'Mapping',
  mappingHint:
    'Where the values are in the JSON, as paths such as /order/status. The paths of items.… start at each element of the list.',
  field: 'Field',
  source: 'Value',
  sources: { first: 'First of these paths', join: 'These paths, joined', value: 'Fixed text' },
  paths: 'Paths, separated by spaces',
  separator: 'Separator',
  fixed: 'Text',
  addRow: 'Add field',
  removeRow: 'Remove {field}',
  removeUnnamedRow: 'Remove the row',
  enabled: 'Enabled',
  disabled: 'Disabled',
  deliveries: 'Deliveries',
  showDeliveries: 'Deliveries of {name}',
  noDeliveries: 'Nothing received in the last 30 days.',
  results: {
    created: 'Created',
    updated: 'Updated',
    unchanged: 'Unchanged',
    invalid: 'Invalid',
    rejected: 'Rejected',
  },
});
