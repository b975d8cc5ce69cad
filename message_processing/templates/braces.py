"""Template syntax: `{name}`, `{{name}}`, `{name|fallback}`, `{user.first_name}`, and `\\{` for a literal brace.

Braces are matched balanced, innermost first, from left to right in one pass: an inserted value is never scanned again.
A name starts with an ASCII letter or `_` and continues with letters, digits, `_`, inner spaces and dots. Case and outer
spaces are ignored. Everything else is literal text: `{"a": 1}`, `\\d{5}` and a single brace are unchanged.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_NAME = r"[A-Za-z_]\w*(?:(?: +|\.)\w+)*"
_INSIDE = rf"[ \t]*({_NAME})[ \t]*(?:\|([^{{}}]*))?"
_SPACES = re.compile(" +")
_TOKEN = re.compile(rf"\\\{{|\{{\{{{_INSIDE}\}}\}}|\{{{_INSIDE}\}}")


@dataclass(frozen=True)
class Placeholder:
    """A placeholder in a template. `written` is the name as its author wrote it, `name` the normalised name."""

    written: str
    fallback: str | None

    @property
    def name(self) -> str:
        return normalise(self.written)

    @property
    def is_one_word(self) -> bool:
        """Returns whether the name is a single word. Several words that name no variable are literal text."""
        return " " not in self.written


@lru_cache(4096)
def normalise(name: str) -> str:
    """Returns the registered form of a name: `Stage  List` becomes `stage_list`."""
    return _SPACES.sub("_", name.strip().lower())


def is_name(text: str) -> bool:
    """Returns whether the text is a valid variable name."""
    return re.fullmatch(_NAME, text) is not None


@lru_cache(256)
def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Returns all placeholders of a template in order, including repetitions."""
    return tuple(_placeholder(match) for match in _TOKEN.finditer(text) if match.lastindex)


def secret_name(placeholder: Placeholder) -> str | None:
    """Returns the name in `{secret.name}`, None for other placeholders."""
    prefix, _, name = placeholder.name.partition(".")
    return name if prefix == "secret" and name else None


def texts_in(value: Any) -> Iterator[str]:
    """Yields the texts of a JSON value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)


def render(text: str, value_of: Callable[[Placeholder], str | None]) -> str:
    """Returns the template with each placeholder replaced by its `value_of`, or unchanged if that is None."""

    def replace(match: re.Match[str]) -> str:
        if not match.lastindex:
            return "{"
        value = value_of(_placeholder(match))
        return match.group() if value is None else value

    return _TOKEN.sub(replace, text)


def _placeholder(match: re.Match[str]) -> Placeholder:
    double, double_fallback, single, single_fallback = match.groups()
    return Placeholder(double or single, double_fallback if double else single_fallback)
