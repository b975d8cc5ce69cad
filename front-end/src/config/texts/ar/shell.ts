import type { Translation } from '../../translate';
import type * as en from '../shell';

export const nav: Translation<typeof en.nav> = {
  label: 'الصفحات',
  open: 'فتح قائمة التنقل',
  skip: 'تخطٍ إلى المحتوى',
  inbox: 'صندوق الوارد',
  chat: 'ساحة التجربة',
  assistant: 'المساعد',
  data: 'البيانات',
  insights: 'التحليلات',
  analytics: 'الإحصاءات',
  overview: 'نظرة عامة',
  paths: 'المسارات',
  cost: 'التكلفة',
  speed: 'السرعة',
  handovers: 'التحويلات',
  unansweredFigures: 'بلا إجابة',
  anomalies: 'الحالات غير المعتادة',
  conversations: 'المحادثات',
  feedback: 'التقييمات',
  stages: 'المراحل',
  templates: 'القوالب',
  cannedReplies: 'الردود الجاهزة',
  variables: 'المتغيرات',
  tests: 'الاختبارات',
  changes: 'التغييرات',
  knowledge: 'المعرفة',
  gettingStarted: 'البدء',
  articles: 'المقالات',
  unanswered: 'أسئلة بلا إجابة',
  integrations: 'عمليات الربط',
  customers: 'العملاء',
  orders: 'الطلبات',
  products: 'المنتجات',
  events: 'الأحداث',
  imports: 'عمليات الاستيراد',
  hooks: 'نقاط الاستقبال',
  secrets: 'القيم السرية',
  channels: 'القنوات',
  webhooks: 'خطافات الويب',
  llmCalls: 'استدعاءات النموذج',
  settings: 'الإعدادات',
  business: 'النشاط التجاري',
  model: 'النموذج',
  budget: 'الميزانية',
  agents: 'الوكلاء',
  team: 'الفريق',
  privacy: 'الخصوصية',
  auditLog: 'سجل التدقيق',
  exportAndDelete: 'التصدير والحذف',
  health: 'حالة النظام',
  apiKeys: 'مفاتيح API',
  security: 'الأمان',
  signOut: 'تسجيل الخروج',
  switchBusiness: 'تبديل النشاط التجاري',
  newBusiness: 'إنشاء نشاط تجاري…',
  theme: 'المظهر',
  roles: {
    owner: 'مالك',
    agent: 'وكيل',
    viewer: 'مشاهد',
  },
  operator: 'المشغّل',
  operatorArea: 'منطقة المشغّل',
  businesses: 'الأنشطة التجارية',
  users: 'المستخدمون',
  defaultTemplates: 'القوالب الافتراضية',
  platformHealth: 'حالة المنصة',
  businessKey: 'مفتاح النشاط التجاري',
  keyRole: 'صلاحية كاملة',
  themes: {
    system: 'حسب النظام',
    light: 'فاتح',
    dark: 'داكن',
  },
};

export const unsaved: Translation<typeof en.unsaved> = {
  title: 'هل تريد المغادرة دون حفظ؟',
  body: 'لم تُحفظ تغييراتك.',
  stay: 'البقاء',
  leave: 'مغادرة دون حفظ',
};

export const rulesMode: Translation<typeof en.rulesMode> = {
  title: 'وضع القواعد: لا يوجد نموذج لغوي متصل.',
  more: 'ربط نموذج',
  dismiss: 'تجاهل هذا التنبيه',
  body: 'تُختار المراحل حسب التشابه، ويُرَد بردودها الثابتة. يمكن للمالكين ربط نموذج خاص بهم من «الإعدادات ← النموذج». ويمكن للمشغّل ربط نموذج لجميع الأنشطة التجارية: عيّن OPENAI_API_KEY (أو OPENAI_BASE_URL لخادم آخر) ثم أعد تشغيل ICMP.',
};

export const webhookNotice: Translation<typeof en.webhookNotice> = {
  disabled:
    '{n, plural, zero {لم يُعطَّل أي خطاف ويب.} one {عُطِّل خطاف ويب لأنه فشل.} two {عُطِّل خطافا ويب لأنهما فشلا.} few {عُطِّلت # خطافات ويب لأنها فشلت.} many {عُطِّل # خطاف ويب بسبب الفشل.} other {عُطِّل # خطاف ويب بسبب الفشل.}}',
  show: 'عرض',
};

export const budgetNotice: Translation<typeof en.budgetNotice> = {
  day: 'أُنفق {share, number, ::percent} من ميزانية اليوم.',
  month: 'أُنفق {share, number, ::percent} من ميزانية هذا الشهر.',
  show: 'عرض الميزانية',
};

export const modelStatus: Translation<typeof en.modelStatus> = {
  short: {
    ok: 'النموذج متاح',
    degraded: 'النموذج غير مستقر',
    down: 'النموذج لا يستجيب',
    none: 'وضع القواعد',
    unknown: 'لم يُستخدم النموذج مؤخرًا',
  },
  degraded: 'بعض استدعاءات النموذج اللغوي تفشل',
  down: 'النموذج اللغوي لا يستجيب',
  since: '(منذ {time})',
  showCalls: 'عرض الاستدعاءات الفاشلة',
};

export const live: Translation<typeof en.live> = {
  offline: 'أنت غير متصل بالإنترنت. قد تكون هذه الصفحة قديمة، ولا يمكن حفظ التغييرات.',
  interrupted: 'انقطعت التحديثات المباشرة. قد تكون هذه الصفحة قديمة. جارٍ إعادة الاتصال…',
};
