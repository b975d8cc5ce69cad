import { expect, test } from 'vitest';
import { fieldLabel, problemOf } from './columns';

const FIELDS = [
  { field: 'order_number', required: true },
  { field: 'user.external_id', required: true },
  { field: 'user_id', required: false },
  { field: 'status', required: false },
];

test('required fields must be assigned, and each field once', () => {
  expect(problemOf(['order_number', '', 'user.external_id'], FIELDS)).toBeNull();
  expect(problemOf(['order_number', 'user_id'], FIELDS)).toBeNull();
  expect(problemOf(['order_number', ''], FIELDS)).toContain('Customer: External ID');
  expect(problemOf(['order_number', 'user_id', 'status', 'status'], FIELDS)).toContain('Status');
});

test('fields are named as people read them', () => {
  expect(['sku', 'product_name', 'user.email'].map(fieldLabel)).toEqual(['SKU', 'Product name', 'Customer: Email']);
});
