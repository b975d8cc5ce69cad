import type { Translation } from '../../translate';
import type * as en from '../apiCalls';

export const apiCalls: Translation<typeof en.apiCalls> = {
  removeRow: '', // {title}: remove {name}
  unnamedRow: '', // row
  method: '', // Request
  url: '', // Address (URL)
  urlHint: '', // For example https://api.example.com/orders/'{order_number}'. You can use variables after the host.
  urlInvalid: '', // Start with https:// or http://.
  mayChange: '', // This look-up runs for every message in this stage, so the {method} request must not change anything in the other system. To change something, use an action.
  secretsHint: '', // For keys, use a secret such as '{secret.crm_key}' in the address, headers, parameters or body.
  secretsLink: '', // Manage secrets
  headers: '', // Headers
  headersHint: '', // For example Authorization: Bearer '{secret.crm_key}'
  header: '', // Header
  value: '', // Value
  addHeader: '', // Add header
  query: '', // Parameters
  queryHint: '', // Added to the address after the question mark. Empty values are left out.
  parameter: '', // Parameter
  addParameter: '', // Add parameter
  body: '', // Body
  bodyHint: '', // Sent as JSON. Values can contain variables.
  bodyAsJson: '', // Edit body as JSON
  objectInvalid: '', // This is not a valid JSON object.
  result: '', // Part of the response to use
  resultHint: '', // A path such as /order or /items/0. Leave empty to use the whole response.
  fields: '', // Fields to keep
  fieldsHint: '', // Paths within that part, such as /status. Without any, everything is kept.
  pointer: '', // Path
  pointerInvalid: '', // Start with a slash, such as /order.
  addField: '', // Add field
  addValue: '', // Add value
  nameNeeded: '', // Enter a name.
  nameRepeated: '', // This name is used twice.
  secret: '', // Secret
  tryIt: '', // Try it
  tryItHint: '', // Sends the request now, with your secrets. Enter example values for the variables.
  tryItChanges: '', // A {method} request can change something in the other system.
  tryItHintNoValues: '', // Sends the request now, with your secrets.
  send: '', // Send
  sendAgain: '', // Send again
  missing: '', // Not sent. These variables have no value: {names}
  status: '', // Status {status, number}
  request: '', // Request
  data: '', // Retrieved data
  response: '', // Response
};
