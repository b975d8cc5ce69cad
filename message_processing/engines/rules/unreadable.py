"""The engine for messages without text that the assistant cannot read, such as voice messages: no model is asked."""

from collections.abc import Mapping
from dataclasses import replace

from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.turn import Outcome, Turn

_PLEASE_WRITE = {
    "en": "Please write to me.",
    "es": "Por favor, escríbame.",
    "fr": "Merci de m'écrire.",
    "de": "Bitte schreiben Sie mir.",
    "hi": "कृपया मुझे लिखकर बताएँ।",
    "ar": "يرجى الكتابة إليّ.",
    "ja": "文字でお送りください。",
}
_CANNOT: Mapping[str, Mapping[str, str]] = {
    "voice": {
        "en": "I cannot listen to voice messages.",
        "es": "No puedo escuchar mensajes de voz.",
        "fr": "Je ne peux pas écouter les messages vocaux.",
        "de": "Ich kann keine Sprachnachrichten anhören.",
        "hi": "मैं वॉइस मैसेज नहीं सुन सकता।",
        "ar": "لا يمكنني الاستماع إلى الرسائل الصوتية.",
        "ja": "音声メッセージは聞くことができません。",
    },
    "image": {
        "en": "I cannot see images.",
        "es": "No puedo ver imágenes.",
        "fr": "Je ne peux pas voir les images.",
        "de": "Ich kann keine Bilder ansehen.",
        "hi": "मैं चित्र नहीं देख सकता।",
        "ar": "لا يمكنني رؤية الصور.",
        "ja": "画像は見ることができません。",
    },
    "video": {
        "en": "I cannot watch videos.",
        "es": "No puedo ver vídeos.",
        "fr": "Je ne peux pas regarder les vidéos.",
        "de": "Ich kann keine Videos ansehen.",
        "hi": "मैं वीडियो नहीं देख सकता।",
        "ar": "لا يمكنني مشاهدة مقاطع الفيديو.",
        "ja": "動画は見ることができません。",
    },
    "file": {
        "en": "I cannot open files.",
        "es": "No puedo abrir archivos.",
        "fr": "Je ne peux pas ouvrir les fichiers.",
        "de": "Ich kann keine Dateien öffnen.",
        "hi": "मैं फ़ाइलें नहीं खोल सकता।",
        "ar": "لا يمكنني فتح الملفات.",
        "ja": "ファイルは開くことができません。",
    },
    "location": {
        "en": "I cannot see locations on a map.",
        "es": "No puedo ver ubicaciones en un mapa.",
        "fr": "Je ne peux pas voir les positions sur une carte.",
        "de": "Ich kann keine Standorte auf einer Karte ansehen.",
        "hi": "मैं नक्शे पर स्थान नहीं देख सकता।",
        "ar": "لا يمكنني رؤية المواقع على الخريطة.",
        "ja": "地図上の位置情報は見ることができません。",
    },
    "other": {
        "en": "I cannot read this kind of message.",
        "es": "No puedo leer este tipo de mensaje.",
        "fr": "Je ne peux pas lire ce type de message.",
        "de": "Ich kann diese Art von Nachricht nicht lesen.",
        "hi": "मैं इस प्रकार का संदेश नहीं पढ़ सकता।",
        "ar": "لا يمكنني قراءة هذا النوع من الرسائل.",
        "ja": "この種類のメッセージは読むことができません。",
    },
}


class Unreadable(FixedReplies):
    """Stays in the current stage and says what it cannot read, in the customer's language."""

    name = "rules"
    runs_actions = False

    def select_stage(self, turn: Turn) -> Outcome:
        """Keeps the current stage."""
        return self._keep_stage(turn, "the message contains no text")

    def extract_data(self, turn: Turn) -> Outcome:
        """Finds no fields: the names of files are not what the customer says."""
        return super().extract_data(replace(turn, message=""))

    def generate_response(self, turn: Turn) -> Outcome:
        """Says what it cannot read, and asks for text."""
        kind = turn.attachments[0]["kind"] if turn.attachments else "other"
        language = turn.text_language
        reply = f"{_CANNOT.get(kind, _CANNOT['other'])[language]} {_PLEASE_WRITE[language]}"
        return self._outcome(turn, reply, "message that it cannot be read")
