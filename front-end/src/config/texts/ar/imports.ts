import type { Translation } from '../../translate';
import type * as en from '../imports';

export const importTexts: Translation<typeof en.importTexts> = {
  title: 'عمليات الاستيراد',
  description:
    'أنشئ الطلبات أو المنتجات أو العملاء أو حدّثها من ملف CSV أو NDJSON. استيراد الملف مرة ثانية لا يغيّر شيئًا.',
  new: 'عملية استيراد جديدة',
  empty: 'لا توجد عمليات استيراد بعد',
  emptyHint: 'ارفع ملفًا لإضافة طلباتك أو منتجاتك أو عملائك. يُظهر الفحص التجريبي ما سيتغيّر.',
  resource: 'المحتوى',
  resources: {
    orders: 'الطلبات',
    products: 'المنتجات',
    users: 'العملاء',
  },
  columns: {
    orders: 'صف لكل طلب، مع رقمه ومعرّف العميل لديك.',
    products: 'صف لكل منتج، مع SKU الخاص به واسمه.',
    users: 'صف لكل عميل، مع معرّفه لديك.',
  },
  file: 'الملف',
  chooseFile: 'اختيار ملف',
  fileHint:
    'ملف CSV بأسماء الأعمدة في الصف الأول، أو كائن JSON واحد في كل سطر (.ndjson أو .jsonl). 50 ميغابايت كحد أقصى.',
  fileMissing: 'اختر ملفًا.',
  encoding: 'الترميز',
  encodings: {
    'utf-8': 'UTF-8 أو UTF-16',
    'windows-1252': 'Windows-1252 (أوروبا الغربية)',
    'windows-1250': 'Windows-1250 (أوروبا الوسطى)',
    'windows-1251': 'Windows-1251 (السيريلية)',
    'windows-1256': 'Windows-1256 (العربية)',
    shift_jis: 'Shift JIS (اليابانية)',
    gb18030: 'GB18030 (الصينية)',
  },
  dryRun: 'فحص تجريبي: فحص الملف فقط',
  dryRunChip: 'فحص تجريبي',
  ignoreUnknown: 'تجاهل الحقول غير المعروفة',
  decimalComma: 'الفاصلة العشرية في الأرقام هي «,»، مثل 1.234,50',
  preview: 'محتوى الأعمدة',
  previewHint: 'خمّن ICMP الحقول من أسماء الأعمدة. صحّح ما هو خاطئ.',
  column: 'العمود',
  field: 'الحقل',
  fieldOf: 'حقل العمود {column}',
  ignored: 'تجاهل',
  ofCustomer: 'العميل: {field}',
  missing: 'لا عمود يحتوي على: {fields}. اختر عمودًا.',
  twice: 'لا يمكن إلا لعمود واحد أن يحتوي على: {fields}.',
  undo: 'تراجع',
  undoTitle: 'هل تريد التراجع عن هذا الاستيراد؟',
  undoHint: 'يحذف ما أنشأه هذا الاستيراد، ويستعيد ما غيّره. تبقى الصفوف التي تغيّرت أو استُخدمت منذ ذلك الحين.',
  undoing: 'جارٍ التراجع…',
  undoStatus:
    'تم التراجع عن: {undone, plural, zero {لا صفوف} one {صف واحد} two {صفّين} few {# صفوف} many {# صفًا} other {# صف}}{kept, plural, zero {} one { · تم الإبقاء على صف واحد} two { · تم الإبقاء على صفّين} few { · تم الإبقاء على # صفوف} many { · تم الإبقاء على # صفًا} other { · تم الإبقاء على # صف}}',
  undoFailed: 'توقف التراجع بسبب خطأ غير متوقع.',
  showKept:
    '{kept, plural, zero {لا صفوف باقية} one {صف واحد باقٍ} two {صفّان باقيان} few {# صفوف باقية} many {# صفًا باقيًا} other {# صف باقٍ}}',
  keptTitle: 'الصفوف التي أبقى عليها التراجع',
  keptHint: 'تغيّرت أو استُخدمت منذ الاستيراد، لذا القرار بشأنها لك.',
  start: 'رفع',
  uploading: 'جارٍ الرفع…',
  statuses: {
    uploading: 'جارٍ الرفع',
    waiting: 'في الانتظار',
    running: 'قيد التنفيذ',
    finished: 'اكتمل',
    failed: 'فشل',
  },
  progress: 'تقدّم استيراد {name}',
  counts:
    'أُنشئ: {created, plural, zero {لا صفوف} one {صف واحد} two {صفّان} few {# صفوف} many {# صفًا} other {# صف}} · حُدّث: {updated, plural, zero {لا صفوف} one {صف واحد} two {صفّان} few {# صفوف} many {# صفًا} other {# صف}} · دون تغيير: {unchanged, plural, zero {لا صفوف} one {صف واحد} two {صفّان} few {# صفوف} many {# صفًا} other {# صف}}',
  dryRunCounts:
    'سيُنشأ: {created, plural, zero {لا صفوف} one {صف واحد} two {صفّان} few {# صفوف} many {# صفًا} other {# صف}} · سيُحدَّث: {updated, plural, zero {لا صفوف} one {صف واحد} two {صفّان} few {# صفوف} many {# صفًا} other {# صف}} · دون تغيير: {unchanged, plural, zero {لا صفوف} one {صف واحد} two {صفّان} few {# صفوف} many {# صفًا} other {# صف}}',
  invalid:
    '{n, plural, zero {لا أسطر غير صالحة} one {سطر واحد غير صالح} two {سطران غير صالحين} few {# أسطر غير صالحة} many {# سطرًا غير صالح} other {# سطر غير صالح}}',
  invalidTitle: 'الأسطر غير الصالحة',
  onlyFirst:
    'أول {shown, number} من أصل {n, plural, zero {لا أسطر غير صالحة} one {سطر واحد غير صالح} two {سطرين غير صالحين} few {# أسطر غير صالحة} many {# سطرًا غير صالح} other {# سطر غير صالح}}.',
  line: 'السطر',
  reason: 'السبب',
  notify: 'إبلاغ العملاء بتغيّر',
  notifyNothing: 'لا تغييرات',
  notifyFields: {
    status: 'الحالة',
    tracking_number: 'رقم التتبع',
    shipping_carrier: 'شركة الشحن',
    shipping_address: 'عنوان الشحن',
  },
  notifyText: 'الرسالة',
  notifyDefault: "مستجدات طلبك '{order_number}': حالته الآن '{status}'.",
  notifyHint:
    "تُكتب مرة واحدة لكل تغيير في أحدث محادثة مفتوحة للعميل، لكن ليس أثناء تولي موظف لها. العناصر النائبة: '{order_number}'، '{status}'، '{tracking_number}'، '{shipping_carrier}'، '{shipping_address}'، '{order_total}'، '{currency}'.",
};
