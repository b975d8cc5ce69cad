import type { Translation } from '../../translate';
import type * as en from '../secrets';

export const secretTexts: Translation<typeof en.secretTexts> = {
  title: 'القيم السرية',
  description:
    "مفاتيح وكلمات مرور لأنظمة أخرى. تستخدمها عمليات البحث والإجراءات التي تتصل بنظام آخر باسم '{secret.name}'. تُخزَّن القيم مشفّرة ولا تُعرض مرة أخرى.",
  new: 'قيمة سرية جديدة',
  empty: 'لا توجد قيم سرية بعد',
  emptyHint: 'أضف مفتاح API لنظام آخر، واستخدمه في مرحلة تتصل بذلك النظام.',
  nameHint: 'أحرف لاتينية صغيرة وأرقام وشرطات سفلية، مثل «crm_key».',
  nameInvalid: 'ابدأ بحرف لاتيني صغير، واستخدم الأحرف اللاتينية الصغيرة والأرقام والشرطات السفلية فقط.',
  value: 'القيمة',
  valueHint: '8 أحرف على الأقل. لا يمكنك عرضها لاحقًا، بل استبدالها فقط.',
  valueInvalid: 'أدخل 8 أحرف على الأقل.',
  neverUsed: 'لم تُستخدم بعد',
  lastUsed: 'آخر استخدام: {time}',
  changed: 'آخر تغيير: {time}',
  replace: 'استبدال قيمة {name}',
  replaceValue: 'استبدال القيمة',
  delete: 'حذف {name}',
  deleteTitle: 'هل تريد حذف {name}؟',
  deleteHint: 'لا تستخدمها أي مرحلة.',
  deleteUsed: 'تستخدمها المراحل التالية، وستفشل طلباتها: {stages}',
  usedBy: 'تستخدمها: {stages}',
  copyName: 'نسخ {name}',
};
