"""Finds a number in a message, in digits or in words."""

import re

from message_processing.engines.rules.dates import find_days
from message_processing.engines.rules.field_extraction import to_ascii_signs
from message_processing.engines.rules.numbers import find_numbers

# From 0.
_WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    "hi": "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह",
    "ar": "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة",
}
_MORE_WORDS = {
    1: "single einer واحدة",
    2: "couple pair both double twice zwo zweit beide paar ambos deux اثنين",
    3: "triple dritt",
    4: "viert",
    5: "fünft",
    12: "dozen dutzend docena",
}
_VALUES: dict[str, set[int]] = {}
for _words in _WORDS.values():
    for _value, _word in enumerate(_words.split()):
        _VALUES.setdefault(_word, set()).add(_value)
for _value, _words in _MORE_WORDS.items():
    for _word in _words.split():
        _VALUES.setdefault(_word, set()).add(_value)
# These only count in a short message: "a" in "I would like to book a class" is not a number.
_ARTICLES = frozenset({"a", "an", "ein", "eine", "einen", "un", "una", "une"})
_MAX_WORDS_WITH_ARTICLE = 3
# "My sister and I" are two people.
_TWO = re.compile(r"\b(?:and (?:i|me)|me and|with my|und ich|ich und|mit mein\w*|y yo|yo y|con mi)\b", re.IGNORECASE)
# Digits with a few letters after them, as in "3x" and "2nd", but not as part of a code or a date.
_DIGITS = re.compile(r"(?<![\w.,:/#-])(\d{1,9})(?=[^\W\d_]{1,4}\b)")


def find_number(value: float, message: str) -> str | None:
    """Returns the part of the message that means the number, as written there; None if none does.

    Several numbers may also add up to it: "2 adults and 1 child".
    """
    text = to_ascii_signs(message)
    days = find_days(text)
    found = [(each.value, each.start, each.end) for each in find_numbers(text)]
    found += [(float(match[1]), match.start(), match.end()) for match in _DIGITS.finditer(text)]
    found = [each for each in found if not any(start < each[2] and each[1] < end for start, end in days)]
    words = list(re.finditer(r"[^\W\d_]+", text))
    for match in words:
        word = match.group().lower()
        values = _VALUES.get(word, set())
        if word in _ARTICLES:
            values = {1} if len(words) <= _MAX_WORDS_WITH_ARTICLE else set()
        found += [(float(each), match.start(), match.end()) for each in values]
    for number, start, end in found:
        if number == value:
            return message[start:end]
    if len(found) > 1 and sum(number for number, _, _ in found) == value:
        return message[min(start for _, start, _ in found) : max(end for _, _, end in found)]
    pair = _TWO.search(text) if value == 2 else None
    return message[pair.start() : pair.end()] if pair else None
