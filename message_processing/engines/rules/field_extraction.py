"""Facts by their form: what a stage's `extraction_schema` can find in a message by itself. (SPEC 8, rules mode)

A field is found by its `enum` (or `const`), its `pattern`, its `format` or its being a number. A value is a whole
word or several, never part of one, and is taken only as it is written: nothing is completed, translated or guessed.
Where two different values would fit a field, neither is taken. What one field has claimed no other field gets, unless
both are of the same form; so the digits of an order number are no amount.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jsonschema import FormatChecker

from core.patterns import TooSlow, is_whole
from message_processing.engines.rules.dates import find_dates, find_days
from message_processing.engines.rules.numbers import find_numbers
from message_processing.steps.extraction_schema import problems_with

MOST_CHARACTERS = 4000  # of a message; what lies beyond is not searched
_MOST_WORDS = 6  # of a value that a pattern with a space in it describes
_FORMATS = ("email", "idn-email", "uri", "iri", "uuid", "ipv4", "ipv6", "date-time", "time")
_EMAIL = re.compile(r"[^\s@,;:<>()\"]+@[^\s@,;:<>()\"]+\.[^\s@.,;:<>()\"]{2,}")
# A pattern that takes any of these describes no form: a name, a word, a text. It cannot be told from other words.
_ANY_TEXT = ("no", "hello", "Something", "HELLO THERE", "a few words")
_WORD = re.compile(r"\S+")
_BETWEEN = re.compile(r"[^\s=:,;/|#()\[\]{}<>\"]+")  # words also where only a sign parts them: "order=A-10433"
_AROUND = ".,;:!?¿¡()[]{}<>\"'`*«»“”„‘’…،؛؟।"


@dataclass(frozen=True)
class Found:
    """A value, the words of the message that say it, and what told it: "pattern ^[A-Z]-\\d{5}$"."""

    field: str
    value: Any
    written: str
    by: str
    start: int
    end: int


@dataclass(frozen=True)
class Findings:
    """`found` at most one a field; `unsure` the fields for which more than one value is written, with those."""

    found: tuple[Found, ...]
    unsure: dict[str, list[str]]

    @property
    def fields(self) -> dict[str, Any]:
        return {each.field: each.value for each in self.found}

    def rest_of(self, message: str) -> list[str]:
        """The words of the message that say no field's value."""
        text = message
        for each in self.found:
            text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
        return re.findall(r"\w+", text)


def find_fields(schema: dict[str, Any] | None, message: str) -> Findings:
    """The fields of an object's schema that the message says. Properties of other kinds are left alone."""
    text, defined = plain(message[:MOST_CHARACTERS]), (schema or {}).get("$defs", {})
    properties = {
        name: field for name, field in (schema or {}).get("properties", {}).items() if isinstance(field, dict)
    }
    taken: list[Found] = []
    unsure: dict[str, list[str]] = {}
    # In the order of how much a form says; a number says least, so it takes what is left.
    for looks_like, find in _FINDERS:
        claimed = [(each.start, each.end) for each in taken]
        days = find_days(text)
        for name, field in properties.items():
            if not looks_like(field) or name in unsure or any(each.field == name for each in taken):
                continue
            not_meant = days if find is _find_by_number else []
            candidates = [
                Found(name, value, message[start:end], by, start, end)
                for value, by, start, end in find(field, name, text)
                if not _overlap(start, end, claimed + not_meant)
                and not problems_with({name: value}, {"properties": {name: field}, "$defs": defined})
            ]
            values = {repr(each.value) for each in candidates}
            if len(values) == 1:
                taken.append(candidates[0])
            elif values:
                unsure[name] = list(dict.fromkeys(each.written for each in candidates))
    return Findings(tuple(sorted(taken, key=lambda each: each.start)), unsure)


def plain(text: str) -> str:
    """The text, as long as before, with digits, hyphens and apostrophes of every script in their ASCII form."""
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    if unicodedata.category(character) == "Pd" or character == "\u2212":
        return "-"
    return "'" if character in "\u2019\u02bc" else character


Candidates = Iterator[tuple[Any, str, int, int]]  # value, by what, start, end


def _find_by_enum(field: dict[str, Any], name: str, text: str) -> Candidates:
    """A choice whose words stand in the text, whatever their case. One of a letter or two must be written exactly:
    "M" is a size, the m of "I'm" is none."""
    choices = field["enum"] if "enum" in field else [field["const"]]
    texts = sorted((choice for choice in choices if isinstance(choice, str) and choice.strip()), key=len, reverse=True)
    spans: list[tuple[int, int]] = []
    for choice in texts:
        flags = re.IGNORECASE if len(choice) > 2 else re.NOFLAG
        words = r"[\s_-]+".join(re.escape(word) for word in re.split(r"[\s_-]+", plain(choice)) if word)
        for match in re.finditer(rf"(?<![\w'])(?<!\w-){words}(?![\w']|-\w)", text, flags):
            # A shorter choice inside a longer one does not count: "wrong size" is not also "size".
            if not _overlap(match.start(), match.end(), spans):
                spans.append(match.span())
                yield choice, f"enum {choice}", match.start(), match.end()
    numbers = [choice for choice in choices if isinstance(choice, int | float) and not isinstance(choice, bool)]
    if numbers:
        for number in find_numbers(text):
            for chosen in numbers:
                if number.value == chosen:
                    yield chosen, f"enum {chosen}", number.start, number.end


def _find_by_pattern(field: dict[str, Any], name: str, text: str) -> Candidates:
    pattern = field["pattern"]
    spans: list[tuple[int, int]] = []
    most_words = _MOST_WORDS if re.search(r"\\s| |\.", pattern) else 1
    with suppress(TooSlow):
        if sum(is_whole(pattern, sample) for sample in _ANY_TEXT) > 1:
            return
        for start, end in (*_word_spans(text, most_words), *_word_spans(text, 1, _BETWEEN)):
            # As a whole, also where the pattern has no anchors: what it would find inside a longer word is not meant.
            if not _overlap(start, end, spans) and is_whole(pattern, text[start:end]):
                spans.append((start, end))
                yield text[start:end], f"pattern {pattern}", start, end


def _find_by_format(field: dict[str, Any], name: str, text: str) -> Candidates:
    form = field["format"]
    if form == "date":
        for date, start, end in find_dates(text):
            yield date.isoformat(), "format date", start, end
    elif form in ("email", "idn-email"):
        for start, end in _word_spans(text, 1):
            if _EMAIL.fullmatch(text, start, end):
                yield text[start:end], f"format {form}", start, end
    elif form in _FORMATS:
        for start, end in _word_spans(text, 1):
            if FormatChecker().conforms(text[start:end], form):
                yield text[start:end], f"format {form}", start, end


def _find_by_number(field: dict[str, Any], name: str, text: str) -> Candidates:
    """Numbers that stand alone. Of several, the one beside the field's name counts, and for an amount of money the one
    beside a currency."""
    numbers = find_numbers(text)
    if "integer" in _types(field):
        numbers = [number for number in numbers if number.value == int(number.value)]
    words = {word for word in re.split(r"[\W_]+", f"{name} {field.get('title', '')}".lower()) if len(word) > 2}
    about = words | set(re.split(r"[\W_]+", str(field.get("description", "")).lower()))
    beside = [
        number
        for number in numbers
        if words & set(re.findall(r"\w+", text[: number.start].lower())[-2:])
        or words & set(re.findall(r"\w+", text[number.end :].lower())[:1])
    ]
    money = [number for number in numbers if number.is_money] if about & _MONEY else []
    for number in beside if len(beside) == 1 else money if len(money) == 1 else numbers:
        value = int(number.value) if number.value == int(number.value) else number.value
        yield value, "integer" if "integer" in _types(field) else "number", number.start, number.end


_MONEY = {"amount", "price", "total", "cost", "paid", "sum", "budget", "fee", "refund", "money", "value"}

Field = dict[str, Any]
_FINDERS: tuple[tuple[Callable[[Field], bool], Callable[[Field, str, str], Candidates]], ...] = (
    (lambda field: "enum" in field or "const" in field, _find_by_enum),
    (lambda field: isinstance(field.get("pattern"), str), _find_by_pattern),
    (lambda field: isinstance(field.get("format"), str), _find_by_format),
    (lambda field: bool(_types(field) & {"number", "integer"}) and "enum" not in field, _find_by_number),
)


def _types(field: dict[str, Any]) -> set[str]:
    types = field.get("type", [])
    return {types} if isinstance(types, str) else set(types)


def _word_spans(text: str, most_words: int, words_are: re.Pattern[str] = _WORD) -> Iterator[tuple[int, int]]:
    """Runs of whole words without the punctuation around them, the longest first at each place."""
    words = [match.span() for match in words_are.finditer(text)]
    for first, (start, _) in enumerate(words):
        for last in range(min(first + most_words, len(words)) - 1, first - 1, -1):
            end = words[last][1]
            inner = text[start:end]
            stripped = inner.strip(_AROUND)
            if stripped:
                begin = start + inner.index(stripped)
                yield begin, begin + len(stripped)


def _overlap(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)
