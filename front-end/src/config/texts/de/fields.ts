import type { Translation } from '../../translate';
import type * as en from '../fields';

export const fieldTexts: Translation<typeof en.fieldTexts> = {
  order_number: 'Bestellnummer',
  order_date: 'Bestelldatum',
  order_total: 'Gesamtbetrag',
  status: 'Status',
  currency: 'Währung',
  items: 'Positionen',
  shipping_address: 'Lieferadresse',
  billing_address: 'Rechnungsadresse',
  payment_method: 'Zahlungsart',
  shipping_carrier: 'Versanddienst',
  tracking_number: 'Sendungsnummer',
  product_name: 'Produktname',
  sku: 'Artikelnummer (SKU)',
  price: 'Preis',
  quantity: 'Menge',
  description: 'Beschreibung',
  first_name: 'Vorname',
  last_name: 'Nachname',
  name: 'Name',
  email: 'E-Mail',
  phone: 'Telefon',
  language: 'Sprache',
  timezone: 'Zeitzone',
  external_id: 'Externe ID',
};
