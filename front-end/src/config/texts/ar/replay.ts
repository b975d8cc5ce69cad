import type { Translation } from '../../translate';
import type * as en from '../replay';

export const replayTexts: Translation<typeof en.replayTexts> = {
  replay: 'إعادة التشغيل',
  title: 'الإجابة عن هذه الرسالة مرة أخرى',
  hint: 'تُنفَّذ الخطوات مرة أخرى ببيانات ذلك الوقت. لا يُرسَل شيء ولا يُحفَظ في المحادثة ولا يُغيَّر. استدعاءات النموذج تكلّف مالًا.',
  release: 'ما الذي يجيب',
  releases: {
    draft: 'التصميم كما هو معدّل الآن',
    live: 'التصميم الفعّال',
    recorded: 'التصميم في ذلك الوقت',
  },
  start: 'إعادة التشغيل',
  same: 'المرحلة والحقول والرد متطابقة.',
  differs: 'مختلف: {parts}',
  parts: { stage: 'المرحلة', fields: 'الحقول', reply: 'الرد' },
  before: 'الإجابة المسجَّلة',
  after: 'إجابة إعادة التشغيل',
  noReply: 'لا يوجد رد',
  stage: 'المرحلة: {name}',
  fields: 'الحقول: {fields}',
  releaseNumber: 'النسخة {number, number}',
  draft: 'المسودة',
  changes: 'ما الذي يختلف',
  promptOf: 'موجّه الخطوة {step}',
  computedNow: 'غير مسجَّل، لذلك استُخدمت بيانات اليوم: {names}',
  notRecorded: 'لم يعد معروفًا: {names}',
};
