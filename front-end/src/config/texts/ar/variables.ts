import type { Translation } from '../../translate';
import type * as en from '../variables';

export const variables: Translation<typeof en.variables> = {
  title: 'المتغيرات',
  description: "قيم يمكن للقوالب استخدامها. مثلًا، يُستبدل '{user_name}' باسم العميل.",
  own: 'مخصصة',
  ownHint: 'قيم تحددها مرة واحدة وتستخدمها في أي قالب، مثل ساعات العمل.',
  ownEmpty: 'لا توجد متغيرات مخصصة بعد.',
  builtIn: 'مدمجة',
  new: 'متغير جديد',
  createNamed: 'إنشاء {name}',
  value: 'القيمة',
  example: 'مثال',
  aliases: 'أسماء بديلة',
  fields: 'الحقول',
  nameHint: "مثلًا، يُستخدم «Opening hours» باسم '{opening_hours}'.",
  nameNeeded: 'أدخل اسمًا.',
  valueNeeded: 'أدخل قيمة. من دونها تعرض القوالب فراغًا.',
  noValue: 'لا قيمة. تعرض القوالب فراغًا.',
  edit: 'تعديل {name}',
  delete: 'حذف {name}',
  deleteTitle: 'هل تريد حذف {name}؟',
  deleteHint: 'ستعرض القوالب التي تستخدمه فراغًا بدلًا منه.',
  noMatch: 'لا توجد متغيرات مطابقة.',
  copyName: 'نسخ {name}',
};
