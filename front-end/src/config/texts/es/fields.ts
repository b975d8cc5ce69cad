import type { Translation } from '../../translate';
import type * as en from '../fields';

export const fieldTexts: Translation<typeof en.fieldTexts> = {
  order_number: '', // Order number
  order_date: '', // Order date
  order_total: '', // Order total
  status: '', // Status
  currency: '', // Currency
  items: '', // Items
  shipping_address: '', // Shipping address
  billing_address: '', // Billing address
  payment_method: '', // Payment method
  shipping_carrier: '', // Shipping carrier
  tracking_number: '', // Tracking number
  product_name: '', // Product name
  sku: '', // SKU
  price: '', // Price
  quantity: '', // Quantity
  description: '', // Description
  first_name: '', // First name
  last_name: '', // Last name
  name: '', // Name
  email: '', // Email
  phone: '', // Phone
  language: '', // Language
  timezone: '', // Time zone
  external_id: '', // External ID
};
