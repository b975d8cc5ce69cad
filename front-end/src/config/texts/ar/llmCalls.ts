import type { Translation } from '../../translate';
import type * as en from '../llmCalls';

export const llmCalls: Translation<typeof en.llmCalls> = {
  title: 'طلبات النموذج',
  description: 'كل طلب إلى نموذج لغوي، مع مدته وتكلفته.',
  empty: 'لا توجد طلبات بعد',
  emptyHint: 'تظهر الطلبات هنا عندما يرد النموذج على الرسائل.',
  emptyFiltered: 'لا توجد طلبات تطابق عوامل التصفية',
  step: 'الخطوة',
  status: 'الحالة',
  statuses: {
    completed: 'مكتمل',
    failed: 'فشل',
  },
  time: 'الوقت',
  model: 'النموذج',
  latency: 'المدة',
  tokens: 'الوحدات النصية',
  cost: 'التكلفة',
  open: 'فتح الطلب بتاريخ {time}',
  detail: 'طلب النموذج',
  prompt: 'الموجّه',
  answer: 'الإجابة',
  answerText: 'نص الإجابة',
  noAnswer: 'فشل الطلب دون إجابة.',
  parsed: 'الإجابة بعد التحليل',
  settings: 'إعدادات الطلب',
  firstToken: 'أول وحدة نصية',
  attempt: 'المحاولة',
  template: 'القالب',
  turn: 'دورة الرد',
  openTurn: 'فتح دورة الرد',
  openTurnOf: 'فتح دورة الرد للطلب بتاريخ {time}',
  openConversation: 'فتح المحادثة',
  calls: '{n, plural, zero {لا طلبات} one {طلب واحد} two {طلبان} few {# طلبات} many {# طلبًا} other {# طلب}}',
  loaded:
    'حُمّل حتى الآن: {n, plural, zero {لا طلبات} one {طلب واحد} two {طلبان} few {# طلبات} many {# طلبًا} other {# طلب}}',
};
