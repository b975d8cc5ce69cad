"""Replaces what must not be stored, such as card numbers, in texts and JSON values."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import accumulate
from typing import Any

import regex

from core.patterns import UnusablePattern, replace_matches
from core.storable import storable_text

CARD_NUMBER = "card number"
MAX_MESSAGE_LENGTH = 20_000  # characters, in which every pattern can be searched

# Digits of any script, with at most four characters between two of them that are neither letters nor digits: a quoted
# line of a mail starts with "\r\n> ", and the emoji of a digit has two marks. A plus and signs of currencies begin
# another number. UUIDs are left alone.
_DIGITS = regex.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b(*SKIP)(*FAIL)"
    r"|\p{Nd}(?:[^\p{L}\p{N}\p{Sc}+]{0,4}\p{Nd}){11,}",
    regex.IGNORECASE,
)
_GROUPS = regex.compile(r"\p{Nd}+")
# The first digits of the numbers of card issuers, with the lengths that they issue.
_ISSUERS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset((13, 16, 19))),  # Visa
    (51, 55, frozenset((16,))),  # Mastercard
    (2221, 2720, frozenset((16,))),
    (34, 34, frozenset((15,))),  # American Express
    (37, 37, frozenset((15,))),
    (300, 305, frozenset((14, 16, 17, 18, 19))),  # Diners Club
    (3095, 3095, frozenset((14, 16, 17, 18, 19))),
    (36, 36, frozenset((14, 15, 16, 17, 18, 19))),
    (38, 39, frozenset((14, 16, 17, 18, 19))),
    (3528, 3589, frozenset((16, 17, 18, 19))),  # JCB
    (50, 50, frozenset(range(12, 20))),  # Maestro
    (56, 58, frozenset(range(12, 20))),
    (60, 69, frozenset(range(12, 20))),  # Discover, UnionPay, RuPay, Maestro
    (81, 81, frozenset((16, 17, 18, 19))),  # UnionPay
    (2200, 2204, frozenset((16, 17, 18, 19))),  # Mir
    (9792, 9792, frozenset((16,))),  # Troy
)
_PREFIX_LENGTH = 4
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # the sum of the digits of twice a digit


@dataclass(frozen=True)
class Pattern:
    """A regular expression of a business, and the name that is written in place of its matches."""

    name: str
    pattern: str


@dataclass(frozen=True)
class Masking:
    """What is replaced: card numbers, and matches of patterns."""

    card_numbers: bool = False
    patterns: Sequence[Pattern] = ()

    @property
    def is_on(self) -> bool:
        """Returns whether anything is replaced."""
        return self.card_numbers or bool(self.patterns)

    def text(self, text: str) -> str:
        """Returns the text with `[card number]`, or `[name of the pattern]`, in place of what is found.

        A text that is masked already stays the same. A text that is too long for a pattern is searched line by line. A
        line that is too long is replaced as a whole.
        """
        masked = storable_text(text)  # first: characters that are left out when it is stored could divide a match
        masked = self._outside_names(mask_card_numbers, masked) if self.card_numbers else masked
        for each in self.patterns:
            masked = self._outside_names(partial(_without_matches, each), masked)
        return masked

    def _outside_names(self, mask: Callable[[str], str], text: str) -> str:
        """The text with what `mask` makes of it, except for the names that were written before. Otherwise a pattern
        that matches its own name would make a text longer each time that it is masked."""
        pieces = self._names.split(text)
        pieces[::2] = [mask(piece) if piece else piece for piece in pieces[::2]]
        return "".join(pieces)

    @cached_property
    def _names(self) -> re.Pattern[str]:
        names = [CARD_NUMBER, *(each.name for each in self.patterns)]
        return re.compile("(" + "|".join(re.escape(f"[{name}]") for name in names) + ")")

    def messages(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Returns rows of messages with masked contents."""
        return [{**row, "message_content": self.text(row["message_content"])} for row in rows] if self.is_on else rows

    def value(self, value: Any) -> Any:
        """Returns a JSON value whose texts, names and numbers are masked."""
        return self._value(value) if self.is_on else value

    def members(self, value: Any) -> Any:
        """Like `value`, but keeps the names of an object's members, or of those of objects in a list. For objects whose
        names are known: a pattern that matches one must not change it."""
        if not self.is_on:
            return value
        if isinstance(value, list | tuple):
            return [self.members(item) for item in value]
        if isinstance(value, dict):
            return {name: self._value(item) for name, item in value.items()}
        return self._value(value)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return [self._value(item) for item in value]
        if isinstance(value, dict):
            return {self.text(name): self._value(item) for name, item in value.items()}
        if value is None or isinstance(value, bool):
            return value
        written = json.dumps(value) if isinstance(value, int | float) else str(value)
        masked = self.text(written)
        return value if masked == written else masked


def _without_matches(pattern: Pattern, text: str) -> str:
    replacement = f"[{pattern.name}]"
    try:
        return replace_matches(pattern.pattern, replacement, text)
    except UnusablePattern:
        lines = text.split("\n")
        if len(lines) == 1:
            return replacement
        return "\n".join(_without_matches(pattern, line) for line in lines)


def mask_card_numbers(text: str) -> str:
    """Returns the text with `[card number]` in place of numbers that payment cards can have.

    They have the first digits and the length of an issuer, and a valid check digit. They may be written in groups, but
    other digits must not follow directly.
    """
    return str(_DIGITS.sub(_without_card_numbers, text))


def _without_card_numbers(match: Any) -> str:
    run: str = match.group()
    groups = [each.span() for each in _GROUPS.finditer(run)]
    digits = [unicodedata.decimal(character) for character in run if character.isdecimal()]
    ends = list(accumulate(end - start for start, end in groups))  # in `digits`
    group_ending_at = {end: place for place, end in enumerate(ends)}
    written, copied, after = [], 0, 0
    for place, (start, end) in enumerate(groups):
        if place < after:
            continue  # it belongs to a card number
        first = ends[place] - (end - start)
        length = next((each for each in _card_lengths(digits, first) if first + each in group_ending_at), 0)
        if length:
            last = group_ending_at[first + length]
            written += [run[copied:start], f"[{CARD_NUMBER}]"]
            copied, after = groups[last][1], last + 1
    return "".join([*written, run[copied:]])


def _card_lengths(digits: list[int], first: int) -> Iterator[int]:
    """The lengths of the card numbers that start with this digit, the longest first."""
    prefix = 0
    for digit in digits[first : first + _PREFIX_LENGTH]:
        prefix = prefix * 10 + digit
    for length in _issued_lengths(prefix):
        number = digits[first : first + length]
        if len(number) == length and _has_check_digit(number):
            yield length


@cache
def _issued_lengths(prefix: int) -> list[int]:
    """The lengths of the numbers that start with these four digits, the longest first."""
    written = f"{prefix:04}"
    found = [lengths for first, last, lengths in _ISSUERS if first <= int(written[: len(str(first))]) <= last]
    return sorted(frozenset[int]().union(*found), reverse=True)


def _has_check_digit(digits: Sequence[int]) -> bool:
    """The check of Luhn: from the right, every second digit is doubled."""
    return (sum(digits[-1::-2]) + sum([_DOUBLED[digit] for digit in digits[-2::-2]])) % 10 == 0
