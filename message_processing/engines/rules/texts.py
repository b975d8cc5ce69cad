"""Texts that are sent if the business has entered none of its own, in the language of the reply."""

from collections.abc import Iterable
from datetime import datetime

CLARIFYING_QUESTIONS = {
    "en": "Sorry, I did not understand that. Could you say it in other words, or tell me what it is about?",
    "es": "Perdone, no lo he entendido. ¿Puede decirlo con otras palabras o indicarme de qué se trata?",
    "fr": "Désolé, je n'ai pas compris. Pouvez-vous le dire autrement ou préciser de quoi il s'agit ?",
    "de": "Das habe ich leider nicht verstanden. Können Sie es anders ausdrücken oder mir sagen, worum es geht?",
    "hi": "माफ़ कीजिए, मुझे यह समझ नहीं आया। क्या आप इसे दूसरे शब्दों में बता सकते हैं, या यह कि बात किस बारे में है?",
    "ar": "عذرًا، لم أفهم ذلك. هل يمكنك قوله بعبارة أخرى أو إخباري بالموضوع؟",
    "ja": "申し訳ありません、よく分かりませんでした。別の言い方で、または何についてのご用件かを教えていただけますか？",
}
PERSON_WILL_ANSWER = {
    "en": "Thank you for your message. Someone from our team will reply to you.",
    "es": "Gracias por su mensaje. Una persona de nuestro equipo le responderá.",
    "fr": "Merci pour votre message. Une personne de notre équipe vous répondra.",
    "de": "Vielen Dank für Ihre Nachricht. Jemand aus unserem Team wird Ihnen antworten.",
    "hi": "आपके संदेश के लिए धन्यवाद। हमारी टीम का कोई सदस्य आपको जवाब देगा।",
    "ar": "شكرًا لرسالتك. سيرد عليك أحد أعضاء فريقنا.",
    "ja": "メッセージをありがとうございます。担当者よりご返信いたします。",
}
# After the reply, if the next working hours of a person are later. `when` is one of DAYS_AHEAD or WEEKDAYS.
BACK_AT = {
    "en": "We are back {when} at {time}.",
    "es": "Volveremos a estar disponibles {when} a las {time}.",
    "fr": "Nous serons de nouveau disponibles {when} à {time}.",
    "de": "Wir sind {when} um {time} wieder für Sie da.",
    "hi": "हमारी टीम {when} {time} से फिर उपलब्ध होगी।",
    "ar": "سيعود فريقنا {when} الساعة {time}.",
    "ja": "次の対応開始は{when}{time}です。",
}
DAYS_AHEAD = {  # today, tomorrow
    "en": ("today", "tomorrow"),
    "es": ("hoy", "mañana"),
    "fr": ("aujourd'hui", "demain"),
    "de": ("heute", "morgen"),
    "hi": ("आज", "कल"),
    "ar": ("اليوم", "غدًا"),
    "ja": ("本日", "明日"),
}
WEEKDAYS = {  # from Monday
    "en": ("on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday"),
    "es": ("el lunes", "el martes", "el miércoles", "el jueves", "el viernes", "el sábado", "el domingo"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "de": ("am Montag", "am Dienstag", "am Mittwoch", "am Donnerstag", "am Freitag", "am Samstag", "am Sonntag"),
    "hi": ("सोमवार को", "मंगलवार को", "बुधवार को", "गुरुवार को", "शुक्रवार को", "शनिवार को", "रविवार को"),
    "ar": (
        "يوم الاثنين",
        "يوم الثلاثاء",
        "يوم الأربعاء",
        "يوم الخميس",
        "يوم الجمعة",
        "يوم السبت",
        "يوم الأحد",
    ),
    "ja": ("月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"),
}
ACTION_DONE = {
    "en": "Done.",
    "es": "Hecho.",
    "fr": "C'est fait.",
    "de": "Das ist erledigt.",
    "hi": "हो गया।",
    "ar": "تم ذلك.",
    "ja": "完了しました。",
}
ACTION_FAILED = {
    "en": "I am sorry, I could not do that.",
    "es": "Lo siento, no he podido hacerlo.",
    "fr": "Désolé, je n'ai pas pu le faire.",
    "de": "Das konnte ich leider nicht erledigen.",
    "hi": "माफ़ कीजिए, मैं यह नहीं कर सका।",
    "ar": "عذرًا، لم أتمكن من القيام بذلك.",
    "ja": "申し訳ありません、対応できませんでした。",
}
ACTION_PARTLY_FAILED = {
    "en": "I am sorry, I could do only a part of that.",
    "es": "Lo siento, solo he podido hacer una parte.",
    "fr": "Désolé, je n'ai pu en faire qu'une partie.",
    "de": "Das konnte ich leider nur zum Teil erledigen.",
    "hi": "माफ़ कीजिए, मैं इसका केवल एक हिस्सा कर सका।",
    "ar": "عذرًا، لم أتمكن إلا من القيام بجزء من ذلك.",
    "ja": "申し訳ありません、一部しか対応できませんでした。",
}
ACTION_DECLINED = {
    "en": "All right, I will not do that.",
    "es": "De acuerdo, no lo haré.",
    "fr": "D'accord, je ne le ferai pas.",
    "de": "In Ordnung, das mache ich nicht.",
    "hi": "ठीक है, मैं यह नहीं करूँगा।",
    "ar": "حسنًا، لن أفعل ذلك.",
    "ja": "承知しました。行いません。",
}
NOTHING_DONE = {  # because of the current message; the one before it may have changed something
    "en": "I have not changed anything just now. How can I help you?",
    "es": "Ahora no he cambiado nada. ¿En qué puedo ayudarle?",
    "fr": "Je n'ai rien modifié à l'instant. Comment puis-je vous aider ?",
    "de": "Ich habe gerade nichts geändert. Wie kann ich Ihnen helfen?",
    "hi": "मैंने अभी कुछ नहीं बदला है। मैं आपकी क्या मदद कर सकता हूँ?",
    "ar": "لم أغيّر أي شيء الآن. كيف يمكنني مساعدتك؟",
    "ja": "今回は何も変更していません。どのようなご用件でしょうか？",
}
ASK_YES_OR_NO = {
    "en": "Please answer yes or no.",
    "es": "Por favor, responda sí o no.",
    "fr": "Veuillez répondre par oui ou par non.",
    "de": "Bitte antworten Sie mit Ja oder Nein.",
    "hi": "कृपया हाँ या नहीं में जवाब दें।",
    "ar": "يرجى الإجابة بنعم أو لا.",
    "ja": "「はい」か「いいえ」でお答えください。",
}


YES_OR_NO = {  # buttons; `answers` recognises them
    "en": ("Yes", "No"),
    "es": ("Sí", "No"),
    "fr": ("Oui", "Non"),
    "de": ("Ja", "Nein"),
    "hi": ("हाँ", "नहीं"),
    "ar": ("نعم", "لا"),
    "ja": ("はい", "いいえ"),
}


def language_with_texts(tags: Iterable[str]) -> str:
    """Returns the first of these languages for which there are texts, without its region, or "en"."""
    languages = (tag.partition("-")[0].lower() for tag in tags)
    return next((language for language in languages if language in CLARIFYING_QUESTIONS), "en")


def back_at(language: str, opening: datetime, now: datetime) -> str:
    """Returns the sentence that says when a person is back. Both times are in the same time zone, which is named."""
    days = (opening.date() - now.date()).days
    when = DAYS_AHEAD[language][days] if days in (0, 1) else WEEKDAYS[language][opening.weekday()]
    return BACK_AT[language].format(when=when, time=f"{opening:%H:%M} ({opening.tzinfo})")
