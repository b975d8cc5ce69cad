"""The language of templates: `{name}`, `{{name}}`, `{name|fallback}`, `{user.first_name}`, and `\\{` for a brace.

Placeholders are balanced, innermost, read left to right in one pass: a value that is put in is never scanned again. A
name begins with an ASCII letter or `_`, goes on with letters, digits, `_`, inner spaces and dots, and ignores case and
outer spaces. All else is text: `{"a": 1}`, `\\d{5}` and a lone brace stay as they are. (SPEC 8)
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_NAME = r"[A-Za-z_]\w*(?:(?: +|\.)\w+)*"
_INSIDE = rf"[ \t]*({_NAME})[ \t]*(?:\|([^{{}}]*))?"
_SPACES = re.compile(" +")
_TOKEN = re.compile(rf"\\\{{|\{{\{{{_INSIDE}\}}\}}|\{{{_INSIDE}\}}")


@dataclass(frozen=True)
class Placeholder:
    """One place in a template. `written` is the name as its author wrote it, `name` the one it stands for."""

    written: str
    fallback: str | None

    @property
    def name(self) -> str:
        return normalise(self.written)

    @property
    def is_one_word(self) -> bool:
        """Several words that name no variable are prose between braces and stay; one word is always a variable."""
        return " " not in self.written


@lru_cache(4096)
def normalise(name: str) -> str:
    """`Stage  List` → `stage_list`: the form under which variables are registered."""
    return _SPACES.sub("_", name.strip().lower())


def is_name(text: str) -> bool:
    """Whether a template could ask for `text`."""
    return re.fullmatch(_NAME, text) is not None


@lru_cache(256)
def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Every placeholder of a template, in order, repetitions included."""
    return tuple(_placeholder(match) for match in _TOKEN.finditer(text) if match.lastindex)


def render(text: str, value_of: Callable[[Placeholder], str | None]) -> str:
    """The template with each placeholder replaced by `value_of(it)`; None leaves it standing as written."""

    def replace(match: re.Match[str]) -> str:
        if not match.lastindex:
            return "{"
        value = value_of(_placeholder(match))
        return match.group() if value is None else value

    return _TOKEN.sub(replace, text)


def _placeholder(match: re.Match[str]) -> Placeholder:
    twice, twice_fallback, once, once_fallback = match.groups()
    return Placeholder(twice or once, twice_fallback if twice else once_fallback)
