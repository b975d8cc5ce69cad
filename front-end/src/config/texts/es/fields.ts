import type { Translation } from '../../translate';
import type * as en from '../fields';

export const fieldTexts: Translation<typeof en.fieldTexts> = {
  order_number: 'Número de pedido',
  order_date: 'Fecha del pedido',
  order_total: 'Total del pedido',
  status: 'Estado',
  currency: 'Moneda',
  items: 'Artículos',
  shipping_address: 'Dirección de envío',
  billing_address: 'Dirección de facturación',
  payment_method: 'Forma de pago',
  shipping_carrier: 'Transportista',
  tracking_number: 'Número de seguimiento',
  product_name: 'Nombre del producto',
  sku: 'SKU',
  price: 'Precio',
  quantity: 'Cantidad',
  description: 'Descripción',
  first_name: 'Nombre',
  last_name: 'Apellidos',
  name: 'Nombre',
  email: 'Correo electrónico',
  phone: 'Teléfono',
  language: 'Idioma',
  timezone: 'Zona horaria',
  external_id: 'ID externo',
};
