/** Names of the fields of orders, customers and products. Other fields are named after their names in the API. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/fields.ts'));

export const fieldTexts = translate('fieldTexts', {
  order_number: 'Order number',
  order_date: 'Order date',
  order_total: 'Order total',
  status: 'Status',
  currency: 'Currency',
  items: 'Items',
  shipping_address: 'Shipping address',
  billing_address: 'Billing address',
  payment_method: 'Payment method',
  shipping_carrier: 'Shipping carrier',
  tracking_number: 'Tracking number',
  product_name: 'Product name',
  sku: 'SKU',
  price: 'Price',
  quantity: 'Quantity',
  description: 'Description',
  first_name: 'First name',
  last_name: 'Last name',
  name: 'Name',
  email: 'Email',
  phone: 'Phone',
  language: 'Language',
  timezone: 'Time zone',
  external_id: 'External ID',
});
