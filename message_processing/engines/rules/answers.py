"""Whether a message answers a question with yes or no, by lists of words in the languages of the shipped texts.

A yes carries out an action, so a message counts as one only if it says nothing else, unlike "ok, leave it" and "I'll do
it myself". It may also contain polite words and words of the question.
"""

import re
import unicodedata
from collections.abc import Mapping

from message_processing.handover import find_keyword
from message_processing.step_outputs import Answer

_MAX_CHARACTERS = 120  # a longer message says more than yes or no
_YES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "yes",
        "yeah",
        "yep",
        "yup",
        "sure",
        "ok",
        "okay",
        "correct",
        "exactly",
        "ya",
        "please do",
        "do it",
        "go ahead",
    ),
    "es": ("sí", "claro", "vale", "de acuerdo", "correcto", "adelante", "hazlo", "hágalo", "por supuesto"),
    "fr": ("oui", "ouais", "d'accord", "bien sûr", "exact", "exactement", "vas-y", "allez-y", "volontiers"),
    "de": ("ja", "jawohl", "genau", "gerne", "gern", "einverstanden", "stimmt", "in ordnung", "mach das", "natürlich"),
    "hi": ("हाँ", "हां", "जी हाँ", "जी हां", "ठीक है", "सही है", "कर दो", "कर दीजिए", "haan"),
    "ar": ("نعم", "أجل", "اجل", "موافق", "تمام", "حسنا", "حسنًا", "بالتأكيد"),
    "ja": (
        "はい",
        "ええ",
        "お願いします",
        "おねがいします",
        "そうです",
        "了解",
        "了解です",
        "了解しました",
        "オッケー",
    ),
}
# Words that may accompany a yes. None of them may change its meaning, as "I'm good" would.
_POLITE: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("please", "pls", "plz", "thanks", "thank you", "thx", "many", "very much", "so much", "a lot", "hi", "hello"),
        *("hey", "sir", "madam", "then", "now", "and", "so", "that's", "that is", "it's", "it is", "that", "it", "the"),
        *("of course", "right", "fine", "great", "perfect", "sounds good", "all good", "go for it", "that works"),
        *(
            "i confirm",
            "i agree",
            "yes i do",
            "i am sure",
            "i'm sure",
            "i'd like that",
            "i would like that",
            "would be",
        ),
        *("you can", "you may", "do that", "do so", "change it", "update it", "my", "absolutely", "definitely"),
    ),
    "es": (
        *("por favor", "gracias", "muchas", "muchísimas", "eso es", "es", "está bien", "perfecto", "que", "hola"),
        *("cámbialo", "cámbiala", "cámbielo", "cámbiela"),
    ),
    "fr": (
        *("s'il vous plaît", "s'il te plaît", "svp", "stp", "merci", "beaucoup", "c'est", "c'est bon", "bien", "ça"),
        *("parfait", "tout à fait", "bonjour", "modifiez-la", "modifiez-le", "changez-la", "changez-le"),
    ),
    "de": (
        *("bitte", "danke", "vielen dank", "sehr", "das ist", "das", "so", "gut", "klar", "passt", "perfekt", "schön"),
        *("richtig", "sicher", "hallo", "bitte ändern"),
    ),
    "hi": ("कृपया", "धन्यवाद", "शुक्रिया", "जी", "बिल्कुल", "है"),
    "ar": ("من فضلك", "لو سمحت", "شكرا", "شكرًا", "جزيلا", "صحيح", "هذا", "تفضل"),
    "ja": (
        *("してください", "変更してください", "変えてください", "進めてください", "変更", "を", "それで", "よろしく"),
        *("大丈夫です", "間違いありません", "ありがとう", "ございます"),
    ),
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
_WHOLE_YES = frozenset({"y", "si", "si por favor", "si gracias", "j", "जी", "うん", "yes please", "k"})
_WHOLE_NO = frozenset({"n", "結構です", "no thanks", "no thank you", "no gracias", "non merci", "nein danke"})
# Set phrases that contain a word of the lists and mean something else, or either.
_UNCLEAR = (
    *("no problem", "why not", "not sure", "don't know", "do not know", "no sé", "sin problema", "pas de problème"),
    *("pas de souci", "sais pas", "kein problem", "weiß nicht", "keine ahnung", "ja ja"),
)
_DOUBTS = (
    *("but", "if", "wait", "pero", "espera", "mais", "attends", "attendez", "aber", "warte", "लेकिन", "रुको"),
    *("لكن", "انتظر", "でも"),
)
_SIGNS = str.maketrans(
    {"\u2019": "'", "👍": " yes ", "✅": " yes ", "👎": " no ", "❌": " no ", "🛑": " no ", "🤔": "?", "❓": "?"}
)
_PRONOUNS = {"i", "we", "yo", "je", "nous", "ich", "wir"}  # in the answer, they mean somebody else than in the question
_IGNORED = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")  # skin tones and variants of emoji
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_JAPANESE_YES = re.compile(f"(?:{'|'.join(sorted((*_YES['ja'], *_POLITE['ja']), key=len, reverse=True))})+")


def answer_of(message: str, question: str = "") -> Answer:
    """Returns what a message answers to the question.

    It is "neither" if it contains words of both lists or of none, a question mark, more than a short sentence, or a yes
    together with something else.
    """
    text = _IGNORED.sub("", message).translate(_SIGNS)
    words = _words(text)
    if words in _WHOLE_YES:
        return "yes"
    if words in _WHOLE_NO:
        return "no"
    if len(text) > _MAX_CHARACTERS or any(mark in text for mark in "?¿？؟") or find_keyword(words, _UNCLEAR):
        return "neither"
    says_yes = any(find_keyword(text, each) for each in _YES.values())
    says_no = any(find_keyword(text, each) for each in _NO.values())
    if says_yes == says_no or (says_no and find_keyword(text, _DOUBTS)):
        return "neither"
    if says_no:
        return "no"
    return "yes" if _says_only_yes(words, set(_words(question).split())) else "neither"


def _says_only_yes(words: str, of_question: set[str]) -> bool:
    rest = f" {words} ".replace(" ", "  ")
    phrases = (phrase for lists in (_YES, _POLITE) for each in lists.values() for phrase in each)
    for phrase in sorted(map(_words, phrases), key=len, reverse=True):
        rest = rest.replace(f" {phrase.replace(' ', '  ')} ", "  ")
    others = [word for word in rest.split() if word not in of_question - _PRONOUNS]
    return all(_JAPANESE.match(word) and _JAPANESE_YES.fullmatch(word) for word in others)


def _words(text: str) -> str:
    """Returns the words of a text in lower case, separated by single spaces."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(each if _is_of_word(each) else " " for each in normal if not _is_invisible(each)).split()
    return " ".join(filter(None, (word.strip("'-") for word in words)))


def _is_of_word(character: str) -> bool:
    return character in "'-" or unicodedata.category(character)[0] in "LMN"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf"
