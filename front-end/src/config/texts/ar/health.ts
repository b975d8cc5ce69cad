import type { Translation } from '../../translate';
import type * as en from '../health';

export const health: Translation<typeof en.health> = {
  title: 'حالة النظام',
  description: 'حالة الخدمات التي يعتمد عليها ICMP.',
  server: 'الخادم',
  database: 'قاعدة البيانات',
  model: 'النموذج اللغوي',
  ok: 'متاح',
  down: 'لا استجابة',
  modelStates: {
    ok: 'متاح',
    degraded: 'بعض الاستدعاءات تفشل',
    down: 'لا يستجيب',
    none: 'غير متصل',
    unknown: 'لم يُستخدم في الدقائق العشر الأخيرة',
  },
  since: 'منذ {time}:',
  roundTrip: 'زمن الاستجابة',
  version: 'الإصدار: {version}',
  checked: 'آخر فحص: {time}',
  checkNow: 'فحص الآن',
  interval: 'يُفحص كل 10 ثوانٍ.',
  docs: 'وثائق API',
};
