"""The languages of texts: recognised, compared by their tags, and named."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import eldc

eldc.init()
_DETECTOR = eldc.instance()
_DETECTOR.set_scores(10)

_MAX_CHARACTERS = 2_000  # of a text
_MIN_LETTERS = 4  # of a text in Latin script: "ok" and "XL" belong to many languages
_MIN_WORDS = 3  # of a text in another script
_MIN_SCORE = 0.75  # names and codes get less, greetings of one word more
_CLEAR_LEAD = 0.05  # over the second language
_EXPECTED_LEAD = 0.1  # of an expected language behind the first one, which is then not taken
_FREQUENT = frozenset(["ar", "de", "en", "es", "fr", "hi", "it", "ja", "nl", "pl", "pt", "ru", "tr", "zh"])
_NOT_WORDS = re.compile(r"\S*(?:[\d@_{}]|://|www\.)\S*")  # numbers, codes, addresses, variables
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_NAMES = {
    "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "gu": "Gujarati",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish",
    "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "ml": "Malayalam", "mr": "Marathi", "ms": "Malay",
    "nl": "Dutch", "no": "Norwegian", "or": "Odia", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "yo": "Yoruba", "zh": "Chinese",
}  # fmt: skip


class Recognised(NamedTuple):
    """The language of a text, and whether the text is clear enough to change the language of a conversation."""

    language: str
    is_certain: bool


def recognise(text: str, expected: Sequence[str] = ()) -> Recognised | None:
    """Returns the language of a text, None if it has none that can be recognised, as a number or a name.

    If two languages are similarly likely, one of those whose tags are `expected` is preferred, otherwise a
    widespread one.
    """
    words = _LETTERS.findall(_NOT_WORDS.sub(" ", text[:_MAX_CHARACTERS].replace("\0", " ")))
    letters = "".join(words)
    if not letters or (_LATIN.match(letters) and len(letters) < _MIN_LETTERS):
        return None
    found = _DETECTOR.detect_details(" ".join(words))
    if not found.scores:
        return None
    ranking = sorted(found.scores.items(), key=lambda each: -each[1])
    language, score = ranking[0]
    close = [each for each, points in ranking if score - points <= _EXPECTED_LEAD]
    wanted = [each for each in close if find_match(each, expected)]
    if not wanted and score < _MIN_SCORE:
        return None
    is_clear = bool(wanted) or len(ranking) == 1 or score - ranking[1][1] >= _CLEAR_LEAD
    frequent = [each for each in close if each in _FREQUENT]
    # A sentence in Devanagari may be Hindi or Marathi, but certainly does not continue a conversation in English.
    is_other_script = len(words) >= _MIN_WORDS and not _LATIN.match(letters)
    return Recognised([*wanted, *frequent, language][0], is_other_script or (bool(found.reliable) and is_clear))


def find_match(tag: str, tags: Sequence[str]) -> str | None:
    """Returns the first of the tags that matches a language: `de` and `de-AT` match each other, `pt-PT` and `pt-BR` do
    not."""
    return next((each for each in tags if _matches(each, tag)), None)


def name_of(tag: str) -> str:
    """Returns the English name of a language, such as "German" for `de` and "Portuguese (pt-BR)" for `pt-BR`."""
    name = _NAMES.get(_subtags(tag)[0])
    if name is None:
        return tag
    return name if len(_subtags(tag)) == 1 else f"{name} ({tag})"


def _matches(tag: str, other: str) -> bool:
    pairs = zip(_subtags(tag), _subtags(other), strict=False)
    return all(one == another for one, another in pairs)


def _subtags(tag: str) -> list[str]:
    return tag.replace("_", "-").casefold().split("-")
