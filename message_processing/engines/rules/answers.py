"""Whether a message answers a question with yes or no, by lists of words in the languages of the shipped texts."""

import re
from collections.abc import Mapping

from message_processing.handover import find_keyword
from message_processing.step_outputs import Answer

_MAX_CHARACTERS = 120  # a longer message says more than yes or no
_YES: Mapping[str, tuple[str, ...]] = {
    "en": ("yes", "yeah", "yep", "yup", "sure", "ok", "okay", "correct", "exactly", "please do", "do it", "go ahead"),
    "es": ("sí", "claro", "vale", "de acuerdo", "correcto", "adelante", "hazlo", "hágalo", "por supuesto"),
    "fr": ("oui", "ouais", "d'accord", "bien sûr", "exact", "exactement", "vas-y", "allez-y", "volontiers"),
    "de": ("ja", "jawohl", "genau", "gerne", "gern", "einverstanden", "stimmt", "in ordnung", "mach das", "natürlich"),
    "hi": ("हाँ", "हां", "जी हाँ", "जी हां", "ठीक है", "सही है", "कर दो", "कर दीजिए", "haan"),
    "ar": ("نعم", "أجل", "اجل", "موافق", "تمام", "حسنا", "حسنًا", "بالتأكيد"),
    "ja": ("はい", "ええ", "お願いします", "おねがいします", "そうです", "大丈夫です", "了解", "オッケー"),
}
_NO: Mapping[str, tuple[str, ...]] = {
    "en": ("no", "nope", "nah", "not", "don't", "do not", "never", "cancel", "stop", "wrong", "wait", "but", "if"),
    "es": ("no", "nunca", "cancela", "cancelar", "incorrecto", "espera", "pero", "tampoco"),
    "fr": ("non", "pas", "jamais", "annule", "annuler", "annulez", "faux", "attends", "attendez", "mais"),
    "de": ("nein", "nicht", "nee", "nö", "niemals", "abbrechen", "stopp", "falsch", "warte", "aber", "kein", "keine"),
    "hi": ("नहीं", "ना", "मत", "रद्द", "गलत", "रुको", "लेकिन", "nahi", "nahin"),
    "ar": ("لا", "كلا", "ليس", "إلغاء", "الغاء", "خطأ", "انتظر", "لكن"),
    "ja": (
        "いいえ",
        "いえ",
        "ううん",
        "違います",
        "ちがいます",
        "やめて",
        "キャンセル",
        "だめ",
        "しない",
        "いらない",
        "でも",
    ),
}
# Messages that mean yes or no only if they contain nothing else.
_WHOLE_YES = frozenset({"y", "si", "si por favor", "si gracias", "j", "जी", "うん", "👍", "yes please", "k"})
_WHOLE_NO = frozenset({"n", "結構です", "👎", "no thanks", "no thank you", "no gracias", "non merci", "nein danke"})
# Set phrases that contain a word of the lists and mean something else, or either.
_UNCLEAR = (
    *("no problem", "why not", "not sure", "don't know", "do not know", "no sé", "sin problema", "pas de problème"),
    *("pas de souci", "sais pas", "kein problem", "weiß nicht", "keine ahnung"),
)
_DOUBTS = (
    *("but", "if", "wait", "pero", "espera", "mais", "attends", "attendez", "aber", "warte", "लेकिन", "रुको"),
    *("لكن", "انتظر", "でも"),
)
_MARKS = re.compile(r"[.,;:!¡。、！،…\s]+")


def answer_of(message: str) -> Answer:
    """Returns what a message answers: "neither" if it contains words of both lists or of none, a question mark, or more
    than a short sentence."""
    text = message.strip().replace("\u2019", "'")
    whole = _MARKS.sub(" ", text.casefold()).strip()
    if whole in _WHOLE_YES:
        return "yes"
    if whole in _WHOLE_NO:
        return "no"
    if len(text) > _MAX_CHARACTERS or any(mark in text for mark in "?¿？؟") or find_keyword(text, _UNCLEAR):
        return "neither"
    says_yes = any(find_keyword(text, words) for words in _YES.values())
    says_no = any(find_keyword(text, words) for words in _NO.values())
    if says_yes == says_no or (says_no and find_keyword(text, _DOUBTS)):
        return "neither"
    return "yes" if says_yes else "no"
