import type { Translation } from '../../translate';
import type * as en from '../cannedReplies';

export const cannedReplies: Translation<typeof en.cannedReplies> = {
  title: 'الردود الجاهزة',
  description: 'نصوص يدرجها فريقك في الرسائل. في صندوق الوارد، اكتب / ثم الاختصار.',
  new: 'رد جاهز جديد',
  edit: 'تعديل «{title}»',
  delete: 'حذف «{title}»',
  deleteTitle: 'هل تريد حذف «{title}»؟',
  deleteHint: 'يُحتفظ بالرسائل التي كُتبت به.',
  shortcut: 'الاختصار',
  shortcutHint: 'مثلًا «hours»، ويُدرج بكتابة /hours.',
  replyTitle: 'العنوان',
  content: 'النص',
  contentHint: "اكتب '{' لإدراج متغير. تُملأ قيمته حسب المحادثة عند إدراج النص.",
  needed: 'هذا الحقل مطلوب.',
  empty: 'لا توجد ردود جاهزة بعد',
  emptyHint: 'دوّن ما يكرر فريقك الرد به، مثل ساعات العمل أو طريقة إرجاع منتج.',
  emptyHintReadOnly: 'يمكن للوكلاء والمالكين إنشاؤها.',
  noMatch: 'لا توجد ردود جاهزة تطابق بحثك',
};
