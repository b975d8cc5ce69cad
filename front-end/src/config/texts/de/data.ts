import type { Translation } from '../../translate';
import type * as en from '../data';

export const dataTexts: Translation<typeof en.dataTexts> = {
  clearSearch: '', // Clear search and filters
  noMatch: '', // Nothing matches
  details: '', // Details
  import: '', // Import
  deletedHint: '', // This cannot be undone.
  required: '', // Enter a value.
  notNumber: '', // Enter a number, such as 12.50.
  invalidJson: '', // This is not valid JSON.
  customer: '', // Customer
  findCustomer: '', // Type a name, email address, your ID or an order number.
  noCustomerFound: '', // No customer found
  allOf: '', // Only {name}
};

export const customerTexts: Translation<typeof en.customerTexts> = {
  title: '', // Customers
  description: '', // Everyone who writes to the business, with what the assistant knows about them.
  search: '', // Name, email, your ID or order number
  kind: '', // Show
  kinds: {
    all: '', // All customers
    real: '', // Without test customers
    test: '', // Test customers
  },
  empty: '', // No customers yet
  emptyHint: '', // Customers appear when they write. You can also create them, or import a file.
  new: '', // New customer
  test: '', // Test customer
  back: '', // Customers
  since: '', // Known since
  fields: {
    first_name: '', // First name
    last_name: '', // Last name
    email: '', // Email
    phone: '', // Phone
    language: '', // Language
    timezone: '', // Time zone
    external_id: '', // Your ID
  },
  hints: {
    language: '', // A language tag such as en or pt-BR. Decides which agents answer.
    timezone: '', // Such as Europe/Madrid
    external_id: '', // The ID of the customer in your own systems (external_id)
  },
  isTest: '', // Test customer, whose messages you write in the playground
  needed: '', // Enter a name or your ID.
  edit: '', // Edit customer
  profile: '', // Profile
  facts: '', // Facts
  factsHint: '', // What your systems have sent about the customer (metadata)
  collected: '', // Collected in the last conversation
  noFacts: '', // Nothing is known yet.
  orders: '', // Orders
  noOrders: '', // No orders.
  allOrders: '', // All orders of this customer
  conversations: '', // Conversations
  noConversations: '', // No conversations.
  allEvents: '', // Events of this customer
  export: '', // Export
  exportHint: '', // Downloads everything that is stored about the customer, one JSON object per line.
  merge: '', // Merge…
  mergeTitle: '', // Merge another customer into {name}
  mergeHint: '', // Conversations, orders and events of the other customer move to this one, and the other is deleted. Values of this customer stay; those that are missing are taken from the other. This cannot be undone.
  mergeIdLost: '', // Messages that name the other’s ID {id} will create a new customer.
  mergeOther: '', // The other customer
  mergeMissing: '', // Choose the other customer.
  mergeConfirm: '', // Merge
  merged: '', // Merged.
  erase: '', // Erase…
  eraseTitle: '', // Erase {name}?
  eraseHint: '', // Deletes the customer with all conversations, explanations of answers, orders and events, everywhere. Only entries of the audit log remain, which contain no values. This cannot be undone.
  eraseConfirm: '', // Erase everything
  erased: '', // Erased.
};

export const orderTexts: Translation<typeof en.orderTexts> = {
  title: '', // Orders
  description: '', // What the assistant can look up and change for customers who ask about their orders.
  number: '', // Order number
  status: '', // Status
  empty: '', // No orders yet
  emptyHint: '', // Import a file, connect your shop in the settings under Integrations, or create one.
  new: '', // New order
  edit: '', // Order {number}
  deleteTitle: '', // Delete order {number}?
  fields: {
    status: '', // Status
    order_total: '', // Total
    currency: '', // Currency
    shipping_address: '', // Shipping address
    billing_address: '', // Billing address
    payment_method: '', // Payment method
    shipping_carrier: '', // Carrier
    tracking_number: '', // Tracking number
  },
  items: '', // Items
  addItem: '', // Add item
  removeItem: '', // Remove item {n, number}
  itemName: '', // Name
  quantity: '', // Quantity
  price: '', // Price
  ofItem: '', // {label} of item {n, number}
  itemCount: '', // {n, plural, one {# item} other {# items}}
};

export const productTexts: Translation<typeof en.productTexts> = {
  title: '', // Products and services
  description: '', // What the business sells. Templates show it as '{products}' and '{services}'.
  search: '', // Name or SKU
  kind: '', // Kind
  kinds: {
    product: '', // Product
    service: '', // Service
  },
  empty: '', // No products yet
  emptyHint: '', // Import a file, or create one.
  new: '', // New product
  deleteTitle: '', // Delete {name}?
  fields: {
    product_name: '', // Name
    sku: '', // SKU
    price: '', // Price
    currency: '', // Currency
    description: '', // Description
  },
  skuHint: '', // Your own number of the product. Imports recognise it by this.
};

export const eventTexts: Translation<typeof en.eventTexts> = {
  title: '', // Events
  description: '', // What your website and your systems have reported, newest first.
  type: '', // Type
  from: '', // From
  to: '', // To
  empty: '', // No events yet
  emptyHint: '', // Your website or your systems report them with POST /events.
  verified: '', // Verified
  unverified: '', // Unverified
  show: '', // Details of {type}
  values: '', // Values of the event
  schemas: '', // Schemas
};

export const eventSchemaTexts: Translation<typeof en.eventSchemaTexts> = {
  title: '', // Event schemas
  description: '', // Which properties the events of a type may have. Events that do not match are rejected.
  back: '', // Events
  empty: '', // No schemas yet
  emptyHint: '', // Without a schema, events of a type may have any properties.
  new: '', // New schema
  edit: '', // Schema of {type}
  deleteTitle: '', // Delete the schema of {type}?
  deleteHint: '', // Events of this type are then no longer checked.
  type: '', // Type of the events
  schema: '', // JSON Schema of the properties
};
