import type { Translation } from '../../translate';
import type * as en from '../fields';

export const fieldTexts: Translation<typeof en.fieldTexts> = {
  order_number: 'رقم الطلب',
  order_date: 'تاريخ الطلب',
  order_total: 'إجمالي الطلب',
  status: 'الحالة',
  currency: 'العملة',
  items: 'العناصر',
  shipping_address: 'عنوان الشحن',
  billing_address: 'عنوان الفاتورة',
  payment_method: 'طريقة الدفع',
  shipping_carrier: 'شركة الشحن',
  tracking_number: 'رقم التتبع',
  product_name: 'اسم المنتج',
  sku: 'SKU',
  price: 'السعر',
  quantity: 'الكمية',
  description: 'الوصف',
  first_name: 'الاسم الأول',
  last_name: 'اسم العائلة',
  name: 'الاسم',
  email: 'البريد الإلكتروني',
  phone: 'الهاتف',
  language: 'اللغة',
  timezone: 'المنطقة الزمنية',
  external_id: 'المعرّف الخارجي',
};
