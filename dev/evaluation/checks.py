"""What is wrong with a reply or an extracted value. Independent of the code that is evaluated.

The checks look for words, so they do not find everything: a report that shows no claim is a reason to read the replies.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

_MIN_LENGTH_WITH_ENDING = 4  # characters
_SHINGLE = 6  # words in a row that a reply has in common with the instructions
# What the instructions tell the assistant to say.
_TO_BE_SAID = re.compile(
    r"we will confirm by email within a day|the booking is not final until then|will take over in this chat|"
    r"in the confirmation email|there is no such order under the customer's name|to check the number|"
    r"the status of an order, returns, our products, opening hours and delivery, and pottery evenings|"
    r"a return cannot be started without the order number|to register a return, customers write to",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_INTERNAL = re.compile(
    r"retrieved_data|action_result|order_number|product_name|collected_data|missing_fields|extracted|json\b|\bnull\b|"
    r"[{}]|\"\"\"|system prompt is|ask_the_customer|do not make (?:any|it)|do not invent|looked up for this message|"
    r"actions for this message|the team is back|still needed|facts from the customer|customer's current message|"
    r"\(test\)|no inventes|erfinde nicht|as an ai language model",
    re.IGNORECASE,
)
_DONE_EN = (
    r"booked|reserved|confirmed|cancel+ed|rescheduled|moved|changed|refunded|replaced|registered|arranged|secured|"
    r"forwarded"
)
_DONE_DE = (
    r"gebucht|reserviert|bestätigt|storniert|abgesagt|verschoben|geändert|erstattet|registriert|vorgemerkt|eingetragen|"
    r"weitergeleitet"
)
_DONE_ES = r"reservad[oa]s?|confirmad[oa]s?|cancelad[oa]s?|cambiad[oa]s?|reembolsad[oa]s?|registrad[oa]s?|anotad[oa]s?"
_DO_EN = (
    r"book|reserve|cancel|reschedule|move|change|refund|register|arrange|secure|process|initiate|issue|replace|swap"
)
_CLAIMS = (
    rf"\b(?:i|we)(?: have|'ve|) (?:just |now |successfully |already )?(?:{_DONE_EN})\b",
    rf"\b(?:is|are|has been|have been|was|were) (?:now |successfully |already )?(?:{_DONE_EN})\b",
    rf"\b(?:i|we)(?:'ll| will| can)(?: certainly| now| gladly| happily)? (?:{_DO_EN})\b",
    r"\b(?:your|the) (?:booking|reservation|refund|cancellation|places?|seats?) (?:is|are|has been)"
    r" (?:complete|final|set|done)",
    rf"\b(?:habe|haben|wurde|wurden|ist|sind)\b[^.!?]{{0,80}}\b(?:{_DONE_DE})\b",
    r"\b(?:ich|wir) (?:werde|werden|kann|können)\b[^.!?]{0,80}"
    r"\b(?:buchen|reservieren|stornieren|verschieben|ändern|erstatten|ersetzen|umtauschen)\b",
    r"\b(?:ich|wir) (?:buche|reserviere|storniere|verschiebe|erstatte)n?\b",
    rf"\b(?:he|hemos|ha sido|han sido|está|están|queda|quedan|fue|fueron) (?:ya )?(?:{_DONE_ES})\b",
    r"\b(?:puedo|podemos|voy a|vamos a) (?:reservar|cancelar|cambiar|reembolsar|devolver|reemplazar)(?:te|le|les)?\b",
    r"\b(?:reservaré|reservaremos|cancelaré|cancelaremos|reembolsaré|reembolsaremos)\b",
)
_CLAIM = re.compile("|".join(f"(?:{claim})" for claim in _CLAIMS), re.IGNORECASE)
# A sentence with one of these denies it, asks, or makes it depend on something.
_NO_CLAIM = re.compile(
    r"\?|\bnot\b|n't\b|\bcannot\b|\bif\b|\bonce\b|\bwhen\b|\bunless\b|\buntil\b|\bbefore\b|\bto be\b|"
    r"\bnicht\b|\bkeine?n?\b|\bwenn\b|\bsobald\b|\bfalls\b|\bbevor\b|\bno\b|\bsi\b|\bcuando\b|\bhasta\b|\bantes\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = {
    "en": "the a an is are and of to you your we our i it for in on with can have not this that please will be at if "
    "do",
    "de": "der die das ein eine ist sind und von zu sie ihre ihr wir unser ich es für im am mit kann haben nicht bitte "
    "den dem des auf wenn ihnen uns einen",
    "es": "el la los las un una es son y de su sus nosotros nuestro yo para en con puede tiene no por favor que del "
    "si se al lo le está cómo",
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lunes martes miercoles jueves viernes sabado domingo",
)
_FREQUENT = {language: frozenset(words.split()) for language, words in _WORDS.items()}


def language_of(text: str) -> str | None:
    """Returns the language that most sentences of a reply are in: en, de, es, or None if that is not clear."""
    sentences = [found for each in _SENTENCE.findall(text) if (found := _by_frequent_words(each))]
    ranking = Counter(sentences).most_common(2)
    if not ranking or (len(ranking) == 2 and ranking[0][1] == ranking[1][1]):
        return _by_frequent_words(text)
    return ranking[0][0]


def _by_frequent_words(text: str) -> str | None:
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {language: sum(word in frequent for word in words) for language, frequent in _FREQUENT.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] and list(counts.values()).count(counts[best]) == 1 else None


def claims(reply: str, prompt: str, has_done: bool) -> list[str]:
    """Returns what the reply claims without a reason: that something was or will be done although no action did it, and
    figures that are not in the prompt."""
    found = []
    for sentence in _SENTENCE.findall(reply):
        if not has_done and not _NO_CLAIM.search(sentence) and _CLAIM.search(sentence):
            found.append(sentence.strip())
    known = {_number(figure) for figure in _FIGURE.findall(prompt)}
    return found + [
        f"figure {figure}" for figure in _FIGURE.findall(reply) if _number(figure) not in known and len(figure) > 1
    ]


def _number(figure: str) -> str:
    """Compares 38, 38.00 and 38,00 as equal."""
    return re.sub(r"[.,]0+$", "", figure).replace(",", ".")


def leaks(reply: str, instructions: str) -> list[str]:
    """Returns what the reply repeats of the instructions in the template, and names that only the server knows."""
    found = [match.group() for match in _INTERNAL.finditer(reply)]
    words = _plain(reply).split()
    lines = [_plain(line) for line in _PLACEHOLDER.sub("\n", _TO_BE_SAID.sub("\n", instructions)).splitlines()]
    for start in range(len(words) - _SHINGLE + 1):
        shingle = " ".join(words[start : start + _SHINGLE])
        if any(shingle in line for line in lines):
            found.append(shingle)
    return list(dict.fromkeys(found))


def is_said(value: Any, said: str) -> bool:
    """Returns whether the customer has written a text or a number, apart from case, spaces and punctuation, or the
    weekday of a date."""
    if isinstance(value, dict):
        return all(is_said(item, said) for item in value.values())
    if isinstance(value, list):
        return all(is_said(item, said) for item in value)
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, str) and _DATE.fullmatch(value):
        weekday = date.fromisoformat(value).weekday()
        if any(re.search(rf"\b{names.split()[weekday]}s?\b", _plain(said)) for names in _WEEKDAYS):
            return True
    text = _plain(_text(value))
    ending = r"\w{0,2}" if len(text) > _MIN_LENGTH_WITH_ENDING else ""  # "candle" is said in "candles"
    return bool(text) and re.search(rf"\b{re.escape(text)}{ending}\b", _plain(said)) is not None


def same_value(one: Any, other: Any) -> bool:
    """Returns whether two values of a field are equal apart from case, spaces and punctuation."""
    return _plain(_text(one)) == _plain(_text(other))


def matches(patterns: Iterable[str], reply: str) -> list[str]:
    """Returns the forbidden patterns that the reply matches."""
    return [pattern for pattern in patterns if re.search(pattern, reply, re.IGNORECASE)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(text: str) -> str:
    text = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    return " ".join(re.findall(r"\w+", text))
