/** The texts of the widget itself. Those of a business (name, greeting, starters) come from its channel. */

export interface Texts {
  open: string;
  /** For one or more unread messages. */
  openWithUnread: (count: number) => string;
  close: string;
  conversation: string;
  message: string;
  placeholder: string;
  send: string;
  you: string;
  assistant: string;
  team: string;
  starters: string;
  assistantTyping: string;
  personTyping: (name: string) => string;
  waiting: string;
  notSent: string;
  tooMany: string;
  offline: string;
  connecting: string;
  away: (time: string) => string;
  withPerson: string;
  delayed: string;
  unavailable: string;
  notAllowed: string;
  retry: string;
  earlier: string;
  rateAnswer: string;
  goodAnswer: string;
  badAnswer: string;
  whyBad: string;
  rateConversation: string;
  /** For a rating from 1 to 5. */
  stars: (rating: number) => string;
  thanks: string;
}

const en: Texts = {
  open: 'Open chat',
  openWithUnread: (count) => `Open chat, ${count} new`,
  close: 'Close chat',
  conversation: 'Conversation',
  message: 'Message',
  placeholder: 'Write a message…',
  send: 'Send',
  you: 'You',
  assistant: 'Assistant',
  team: 'Team',
  starters: 'Suggested messages',
  assistantTyping: 'Assistant is typing…',
  personTyping: (name) => `${name} is typing…`,
  waiting: 'Waiting to be sent',
  notSent: 'Not sent',
  tooMany: 'Many messages in a short time. This one is sent in a moment.',
  offline: 'You are offline. Your messages are sent as soon as you are back.',
  connecting: 'Connecting…',
  away: (time) => `Our team is away until ${time}.`,
  withPerson: 'Someone from our team answers you here.',
  delayed: 'The answer takes longer than usual. Your message has arrived.',
  unavailable: 'The chat is not available at the moment.',
  notAllowed: 'The chat is not available on this page.',
  retry: 'Try again',
  earlier: 'Show earlier messages',
  rateAnswer: 'Rate this answer',
  goodAnswer: 'Good answer',
  badAnswer: 'Bad answer',
  whyBad: 'What was wrong?',
  rateConversation: 'How was this conversation?',
  stars: (rating) => `${rating} of 5`,
  thanks: 'Thank you for your feedback.',
};

const de: Texts = {
  open: 'Chat öffnen',
  openWithUnread: (count) => `Chat öffnen, ${count} neu`,
  close: 'Chat schließen',
  conversation: 'Unterhaltung',
  message: 'Nachricht',
  placeholder: 'Nachricht schreiben …',
  send: 'Senden',
  you: 'Sie',
  assistant: 'Assistent',
  team: 'Team',
  starters: 'Vorschläge',
  assistantTyping: 'Der Assistent schreibt …',
  personTyping: (name) => `${name} schreibt …`,
  waiting: 'Wird noch gesendet',
  notSent: 'Nicht gesendet',
  tooMany: 'Viele Nachrichten in kurzer Zeit. Diese wird gleich gesendet.',
  offline: 'Sie sind offline. Ihre Nachrichten werden gesendet, sobald Sie wieder verbunden sind.',
  connecting: 'Verbindung wird hergestellt …',
  away: (time) => `Unser Team ist ab ${time} wieder da.`,
  withPerson: 'Hier antwortet Ihnen jemand aus unserem Team.',
  delayed: 'Die Antwort dauert länger als sonst. Ihre Nachricht ist angekommen.',
  unavailable: 'Der Chat ist gerade nicht verfügbar.',
  notAllowed: 'Der Chat ist auf dieser Seite nicht verfügbar.',
  retry: 'Erneut versuchen',
  earlier: 'Frühere Nachrichten anzeigen',
  rateAnswer: 'Antwort bewerten',
  goodAnswer: 'Gute Antwort',
  badAnswer: 'Schlechte Antwort',
  whyBad: 'Was war nicht gut?',
  rateConversation: 'Wie war diese Unterhaltung?',
  stars: (rating) => `${rating} von 5`,
  thanks: 'Vielen Dank für Ihre Rückmeldung.',
};

const es: Texts = {
  open: 'Abrir el chat',
  openWithUnread: (count) => `Abrir el chat, ${count} sin leer`,
  close: 'Cerrar el chat',
  conversation: 'Conversación',
  message: 'Mensaje',
  placeholder: 'Escribe un mensaje…',
  send: 'Enviar',
  you: 'Tú',
  assistant: 'Asistente',
  team: 'Equipo',
  starters: 'Sugerencias',
  assistantTyping: 'El asistente está escribiendo…',
  personTyping: (name) => `${name} está escribiendo…`,
  waiting: 'Pendiente de envío',
  notSent: 'No enviado',
  tooMany: 'Muchos mensajes en poco tiempo. Este se enviará en un momento.',
  offline: 'No tienes conexión. Tus mensajes se enviarán en cuanto la recuperes.',
  connecting: 'Conectando…',
  away: (time) => `Nuestro equipo vuelve el ${time}.`,
  withPerson: 'Aquí te responde una persona de nuestro equipo.',
  delayed: 'La respuesta tarda más de lo normal. Tu mensaje ha llegado.',
  unavailable: 'El chat no está disponible en este momento.',
  notAllowed: 'El chat no está disponible en esta página.',
  retry: 'Reintentar',
  earlier: 'Ver mensajes anteriores',
  rateAnswer: 'Valorar la respuesta',
  goodAnswer: 'Buena respuesta',
  badAnswer: 'Mala respuesta',
  whyBad: '¿Qué ha fallado?',
  rateConversation: '¿Qué te ha parecido esta conversación?',
  stars: (rating) => `${rating} de 5`,
  thanks: 'Gracias por tu opinión.',
};

const ar: Texts = {
  open: 'فتح المحادثة',
  openWithUnread: (count) => `فتح المحادثة، الرسائل الجديدة: ${count}`,
  close: 'إغلاق المحادثة',
  conversation: 'المحادثة',
  message: 'الرسالة',
  placeholder: 'اكتب رسالة…',
  send: 'إرسال',
  you: 'أنت',
  assistant: 'المساعد',
  team: 'الفريق',
  starters: 'رسائل مقترحة',
  assistantTyping: 'المساعد يكتب…',
  personTyping: (name) => `${name} يكتب الآن…`,
  waiting: 'في انتظار الإرسال',
  notSent: 'لم تُرسل',
  tooMany: 'رسائل كثيرة في وقت قصير. ستُرسل هذه الرسالة بعد لحظات.',
  offline: 'أنت غير متصل بالإنترنت. ستُرسل رسائلك فور عودة الاتصال.',
  connecting: 'جارٍ الاتصال…',
  away: (time) => `فريقنا غير متاح حتى ${time}.`,
  withPerson: 'سيجيبك هنا أحد أفراد فريقنا.',
  delayed: 'يستغرق الرد وقتًا أطول من المعتاد. لقد وصلت رسالتك.',
  unavailable: 'المحادثة غير متاحة حاليًا.',
  notAllowed: 'المحادثة غير متاحة في هذه الصفحة.',
  retry: 'إعادة المحاولة',
  earlier: 'عرض الرسائل السابقة',
  rateAnswer: 'تقييم الرد',
  goodAnswer: 'رد جيد',
  badAnswer: 'رد سيئ',
  whyBad: 'ما المشكلة؟',
  rateConversation: 'كيف كانت هذه المحادثة؟',
  stars: (rating) => `${rating} من 5`,
  thanks: 'شكرًا على ملاحظاتك.',
};

export const TEXTS: Record<string, Texts> = { en, de, es, ar };

/** The texts of a language tag such as `de-AT`; English if there are none. */
export function textsOf(tag: string): Texts {
  return TEXTS[mainTag(tag)] ?? en;
}

export function mainTag(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0] ?? '';
}

const RIGHT_TO_LEFT = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

export function directionOf(tag: string): 'rtl' | 'ltr' {
  return RIGHT_TO_LEFT.has(mainTag(tag)) ? 'rtl' : 'ltr';
}
