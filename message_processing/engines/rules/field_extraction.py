"""Extracts fields from a message without a model, by what a stage's `extraction_schema` says about their form.

A field is recognised by its `enum` (or `const`), `pattern` or `format`, or because it is a number. A value consists of
whole words and is taken as written: nothing is completed, translated or guessed. If two different values are possible
for a field, neither is taken. Text that one field has used is not used again by a field of another form, so the digits
of an order number are not an amount.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jsonschema import FormatChecker

from core.patterns import UnusablePattern, is_full_match
from message_processing.engines.rules.dates import find_dates, find_days
from message_processing.engines.rules.numbers import find_numbers
from message_processing.steps.extraction_schema import problems_with

MAX_CHARACTERS = 4000  # of a message; the rest is not searched
_MAX_WORDS = 6  # of a value whose pattern allows spaces
_FORMATS = ("email", "idn-email", "uri", "iri", "uuid", "ipv4", "ipv6", "date-time", "time")
_EMAIL = re.compile(r"[^\s@,;:<>()\"]+@[^\s@,;:<>()\"]+\.[^\s@.,;:<>()\"]{2,}")
# A pattern that matches several of these accepts any text, so its values cannot be distinguished from other words.
_ANY_TEXT = ("no", "hello", "Something", "HELLO THERE", "a few words")
_WORD = re.compile(r"\S+")
_WORD_BETWEEN_SIGNS = re.compile(r"[^\s=:,;/|#()\[\]{}<>\"]+")  # also splits "order=A-10433"
_PUNCTUATION = ".,;:!?¿¡()[]{}<>\"'`*«»“”„‘’…،؛؟।"


@dataclass(frozen=True)
class FoundField:
    """A value, the text of the message that contains it, and how it was recognised: "pattern ^[A-Z]-\\d{5}$"."""

    field: str
    value: Any
    written: str
    by: str
    start: int
    end: int


@dataclass(frozen=True)
class Findings:
    """The recognised fields, at most one value per field, and the fields with several possible values."""

    found: tuple[FoundField, ...]
    ambiguous: dict[str, list[str]]

    @property
    def fields(self) -> dict[str, Any]:
        """Returns the value of each recognised field."""
        return {each.field: each.value for each in self.found}

    def other_words(self, message: str) -> list[str]:
        """Returns the words of the message that are not part of a field's value."""
        text = message
        for each in self.found:
            text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
        return re.findall(r"\w+", text)


def find_fields(schema: dict[str, Any] | None, message: str) -> Findings:
    """Returns the fields of the schema that the message contains. Properties of other forms are ignored."""
    text, definitions = to_ascii_signs(message[:MAX_CHARACTERS]), (schema or {}).get("$defs", {})
    properties = {
        name: field for name, field in (schema or {}).get("properties", {}).items() if isinstance(field, dict)
    }
    found: list[FoundField] = []
    ambiguous: dict[str, list[str]] = {}
    # The most specific form comes first. Numbers come last and only use text that no other form has used.
    for applies, find in _FINDERS:
        used = [(each.start, each.end) for each in found]
        days = find_days(text)
        for name, field in properties.items():
            if not applies(field) or name in ambiguous or any(each.field == name for each in found):
                continue
            excluded = days if find is _find_by_number else []
            candidates = [
                FoundField(name, value, message[start:end], by, start, end)
                for value, by, start, end in find(field, name, text)
                if not _overlap(start, end, used + excluded)
                and not problems_with({name: value}, {"properties": {name: field}, "$defs": definitions})
            ]
            values = {repr(each.value) for each in candidates}
            if len(values) == 1:
                found.append(candidates[0])
            elif values:
                ambiguous[name] = list(dict.fromkeys(each.written for each in candidates))
    return Findings(tuple(sorted(found, key=lambda each: each.start)), ambiguous)


def to_ascii_signs(text: str) -> str:
    """Returns the text, with unchanged length, with digits, hyphens and apostrophes of all scripts as ASCII."""
    return "".join(_to_ascii_sign(character) for character in text)


def _to_ascii_sign(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    if unicodedata.category(character) == "Pd" or character == "\u2212":
        return "-"
    return "'" if character in "\u2019\u02bc" else character


Candidates = Iterator[tuple[Any, str, int, int]]  # value, how it was recognised, start, end


def _find_by_enum(field: dict[str, Any], name: str, text: str) -> Candidates:
    """Finds choices in the text, ignoring case, except for choices of one or two letters: "M" may be a size."""
    choices = field["enum"] if "enum" in field else [field["const"]]
    texts = sorted((choice for choice in choices if isinstance(choice, str) and choice.strip()), key=len, reverse=True)
    spans: list[tuple[int, int]] = []
    for choice in texts:
        flags = re.IGNORECASE if len(choice) > 2 else re.NOFLAG
        words = r"[\s_-]+".join(re.escape(word) for word in re.split(r"[\s_-]+", to_ascii_signs(choice)) if word)
        for match in re.finditer(rf"(?<![\w'])(?<!\w-){words}(?![\w']|-\w)", text, flags):
            # A shorter choice inside a longer one does not count: "wrong size" does not also mean "size".
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
    max_words = _MAX_WORDS if re.search(r"\\s| |\.", pattern) else 1
    with suppress(UnusablePattern):
        if sum(is_full_match(pattern, sample) for sample in _ANY_TEXT) > 1:
            return
        for start, end in (*_word_spans(text, max_words), *_word_spans(text, 1, _WORD_BETWEEN_SIGNS)):
            # The pattern must match the whole span even without anchors, so that it never matches inside a word.
            if not _overlap(start, end, spans) and is_full_match(pattern, text[start:end]):
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
    """Finds numbers that stand alone.

    If there are several, the one next to the field's name is taken, or for an amount of money the one next to a
    currency.
    """
    numbers = find_numbers(text)
    if "integer" in _types(field):
        numbers = [number for number in numbers if number.value == int(number.value)]
    words = {word for word in re.split(r"[\W_]+", f"{name} {field.get('title', '')}".lower()) if len(word) > 2}
    topic = words | set(re.split(r"[\W_]+", str(field.get("description", "")).lower()))
    next_to_name = [
        number
        for number in numbers
        if words & set(re.findall(r"\w+", text[: number.start].lower())[-2:])
        or words & set(re.findall(r"\w+", text[number.end :].lower())[:1])
    ]
    money = [number for number in numbers if number.is_money] if topic & _MONEY else []
    for number in next_to_name if len(next_to_name) == 1 else money if len(money) == 1 else numbers:
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


def _word_spans(text: str, max_words: int, word: re.Pattern[str] = _WORD) -> Iterator[tuple[int, int]]:
    """Yields runs of whole words without surrounding punctuation, at each position the longest first."""
    words = [match.span() for match in word.finditer(text)]
    for first, (start, _) in enumerate(words):
        for last in range(min(first + max_words, len(words)) - 1, first - 1, -1):
            end = words[last][1]
            inner = text[start:end]
            stripped = inner.strip(_PUNCTUATION)
            if stripped:
                begin = start + inner.index(stripped)
                yield begin, begin + len(stripped)


def _overlap(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)
