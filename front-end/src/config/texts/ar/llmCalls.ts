import type { Translation } from '../../translate';
import type * as en from '../llmCalls';

export const llmCalls: Translation<typeof en.llmCalls> = {
  title: 'استدعاءات النموذج',
  description: 'كل استدعاء لنموذج لغوي، مع مدته وتكلفته.',
  empty: 'لا توجد استدعاءات بعد',
  emptyHint: 'تظهر الاستدعاءات هنا عندما يرد النموذج على الرسائل.',
  emptyFiltered: 'لا توجد استدعاءات تطابق عوامل التصفية',
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
  noPrice: 'بلا سعر',
  noPriceHint: 'سعر النموذج غير معروف.',
  cachedTokens: 'رموز الموجِّه المخزَّنة مؤقتًا',
  reasoningTokens: 'رموز الاستدلال',
  open: 'فتح الاستدعاء بتاريخ {time}',
  detail: 'استدعاء النموذج',
  prompt: 'الموجّه',
  answer: 'الإجابة',
  answerText: 'نص الإجابة',
  noAnswer: 'فشل الاستدعاء دون إجابة.',
  parsed: 'الإجابة بعد التحليل',
  settings: 'إعدادات الطلب',
  firstToken: 'أول وحدة نصية',
  attempt: 'المحاولة',
  template: 'القالب',
  turn: 'دورة الرد',
  openTurn: 'فتح دورة الرد',
  openTurnOf: 'فتح دورة الرد للاستدعاء بتاريخ {time}',
  openConversation: 'فتح المحادثة',
  calls:
    '{n, plural, zero {لا استدعاءات} one {استدعاء واحد} two {استدعاءان} few {# استدعاءات} many {# استدعاءً} other {# استدعاء}}',
  loaded:
    'حُمّل حتى الآن: {n, plural, zero {لا استدعاءات} one {استدعاء واحد} two {استدعاءان} few {# استدعاءات} many {# استدعاءً} other {# استدعاء}}',
};
