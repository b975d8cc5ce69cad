import type { Translation } from '../../translate';
import type * as en from '../channelKinds';

export const channelKinds: Translation<typeof en.channelKinds> = {
  names: {
    email: 'البريد الإلكتروني',
    generic: 'خطاف ويب عام',
    instagram: 'إنستغرام',
    messenger: 'ماسنجر',
    telegram: 'تيليغرام',
    whatsapp: 'واتساب',
    widget: 'أداة الدردشة',
  },
  choices: {
    left: 'يسار',
    right: 'يمين',
    starttls: 'STARTTLS',
    tls: 'TLS',
  },
  fields: {
    meta: {
      human_agent: {
        title: 'يمكن للأشخاص الرد خلال سبعة أيام',
        hint: 'فعّله إذا وافقت Meta على ميزة Human Agent لتطبيقك. وإلا فيمكن للأشخاص، كالمساعد، الرد خلال 24 ساعة من آخر رسالة للعميل.',
      },
      access_token: {
        title: 'رمز الوصول',
        hint: 'به تُرسل رسائلك. أنشئ رمزًا لا تنتهي صلاحيته باستخدام مستخدم نظام في ملف أعمالك.',
      },
      app_secret: {
        title: 'المفتاح السري للتطبيق',
        hint: 'يثبت أن الطلبات واردة من Meta. تجده في إعدادات التطبيق، ضمن «أساسي».',
      },
      verify_token: { title: 'رمز التحقق', hint: 'أدخله في إعدادات خطافات الويب في التطبيق، مع عنوان القناة.' },
    },
    email: {
      address: { title: 'عنوان البريد', hint: 'يكتب العملاء إلى هذا العنوان، ومنه تُرسل الردود.' },
      sender_name: { title: 'اسم المرسل', hint: 'يظهر مع العنوان، مثل اسم نشاطك التجاري.' },
      subject: { title: 'موضوع الرسائل الجديدة', hint: 'يُستخدم إذا لم يكن لرسالة العميل موضوع.' },
      user: {
        title: 'اسم المستخدم',
        hint: 'لصندوق البريد، لكل من IMAP وSMTP. هو العنوان عادةً، ويُستخدم العنوان إذا تُرك الحقل فارغًا.',
      },
      smtp_host: { title: 'خادم SMTP', hint: 'يرسل الردود. مثل smtp.example.com.' },
      smtp_port: { title: 'منفذ SMTP', hint: '587 مع STARTTLS، و465 مع TLS.' },
      smtp_security: { title: 'تشفير SMTP', hint: 'طريقة تشفير الاتصال.' },
      imap_host: {
        title: 'خادم IMAP',
        hint: 'يستقبل الرسائل. اتركه فارغًا إذا كان مزوّد خدمة يرسل الرسائل إلى عنوان خطاف الويب بدلًا منه.',
      },
      imap_port: { title: 'منفذ IMAP', hint: '993 مع TLS، و143 مع STARTTLS.' },
      imap_security: { title: 'تشفير IMAP', hint: 'طريقة تشفير الاتصال.' },
      imap_folder: { title: 'المجلد', hint: 'يُرد على الرسائل الموجودة في هذا المجلد.' },
      authentication_server: {
        title: 'الخادم الذي يتحقق من المرسلين',
        hint: 'الاسم الوارد في بداية الترويسة Authentication-Results في الرسائل التي تستقبلها، مثل mx.google.com. عند تحديده، لا يُرد إلا على الرسائل التي أكد هذا الخادم صحة مرسلها.',
      },
      password: {
        title: 'كلمة المرور',
        hint: 'لصندوق البريد، لكل من IMAP وSMTP. يشترط كثير من مزوّدي الخدمة كلمة مرور للتطبيقات.',
      },
      webhook_password: {
        title: 'كلمة مرور خطاف الويب',
        hint: 'يستخدمها مزوّد الخدمة الذي يرسل الرسائل إلى عنوان خطاف الويب ككلمة مرور لمصادقة HTTP Basic.',
      },
    },
    generic: {
      url: { title: 'عنوان الردود', hint: 'العنوان الذي يرسل إليه ICMP كل رد بطلب POST.' },
      signing_secret: {
        title: 'مفتاح التوقيع',
        hint: 'تُوقَّع به الطلبات في الاتجاهين. أدخله في مكتبة Standard Webhooks التي تستخدمها.',
      },
    },
    instagram: {
      instagram_account_id: {
        title: 'معرّف حساب إنستغرام',
        hint: 'معرّف الحساب الاحترافي في إعدادات التطبيق، ضمن Messenger ثم إعدادات Instagram. وهو ليس اسم المستخدم.',
      },
      page_id: { title: 'معرّف الصفحة', hint: 'معرّف صفحة فيسبوك المرتبطة بالحساب.' },
    },
    messenger: {
      page_id: { title: 'معرّف الصفحة', hint: 'معرّف صفحتك على فيسبوك، في إعداداتها ضمن «شفافية الصفحة».' },
    },
    telegram: {
      bot_token: { title: 'رمز البوت', hint: 'يرسله إليك @BotFather عند إنشاء البوت.' },
      webhook_secret: {
        title: 'المفتاح السري لخطاف الويب',
        hint: 'يرسله تيليغرام مع كل طلب. استخدم الأحرف اللاتينية والأرقام و- و_ فقط.',
      },
    },
    whatsapp: {
      phone_number_id: {
        title: 'معرّف رقم الهاتف',
        hint: 'المعرّف أسفل الرقم في إعدادات التطبيق، ضمن WhatsApp ثم إعداد API. وهو ليس الرقم نفسه.',
      },
    },
    widget: {
      allowed_origins: {
        title: 'مواقع الويب',
        hint: 'عناوين المواقع التي تعرض الأداة، مثل https://www.example.com، أو https://*.example.com لكل نطاقاته الفرعية. لا يمكن لمواقع أخرى استخدامها.',
      },
      color: { title: 'اللون', hint: 'لون الزر ورسائل الزائر.' },
      position: { title: 'الموضع', hint: 'زاوية الصفحة التي يظهر فيها الزر.' },
      languages: {
        title: 'اللغات',
        hint: 'لغات الأداة في شكل رموز مثل de. يرى الزوار ذوو اللغات الأخرى اللغة الأولى. وإذا لم تحدد أي لغة، استخدمت الأداة لغة الصفحة.',
      },
      title: { title: 'العنوان', hint: 'في أعلى النافذة. وإذا تُرك فارغًا، ظهر اسم القناة.' },
      greeting: { title: 'الترحيب', hint: 'ما يراه الزوار قبل أن يكتبوا شيئًا.' },
      starters: { title: 'رسائل البداية', hint: 'رسائل يمكن للزوار إرسالها بنقرة واحدة.' },
      away_message: {
        title: 'رسالة الغياب',
        hint: 'تظهر خارج ساعات العمل. وإذا تُركت فارغة، أخبرت الأداة الزائر بموعد عودة الفريق.',
      },
      identity_secret: { title: 'المفتاح السري للهوية', hint: 'يوقّع به خادمك هويات العملاء الذين سجّلوا الدخول.' },
    },
  },
};
