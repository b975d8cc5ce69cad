import type { Translation } from '../../translate';
import type * as en from '../anomalies';

export const anomaliesTexts: Translation<typeof en.anomaliesTexts> = {
  title: 'الحالات غير المعتادة',
  description: 'ساعات غير معتادة مقارنة بالساعة نفسها من الأسابيع السابقة.',
  none: 'لا شيء غير معتاد',
  noneHint: 'تُقارن كل ساعة بالساعة نفسها من الأسابيع السابقة. وتظهر الساعات غير المعتادة هنا.',
  figures: {
    errors: 'أخطاء كثيرة',
    handovers: 'تحويلات كثيرة',
    cost: 'تكلفة مرتفعة',
    latency: 'ردود بطيئة',
  },
  definitions: {
    errors: 'نسبة الرسائل التي تعذر الرد عليها أو تلقت ردًا ثابتًا لأن النموذج فشل.',
    handovers: 'عدد التحويلات لكل رسالة من العملاء.',
    cost: 'تكلفة استدعاءات النماذج في هذه الساعة.',
    latency: 'وسيط الوقت من رسالة العميل حتى آخر كلمة في الرد.',
  },
  value: '{value} بدلًا من {usual}',
  conversationsOfDay: 'محادثات هذا اليوم',
};
