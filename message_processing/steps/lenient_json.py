"""Parses JSON written by a model: bare, fenced, inside prose, with raw newlines in strings, with a trailing comma, or
with Python quoting.

Nothing is repaired by guessing: text is only parsed if one of the parsers accepts all of it.
"""

import ast
import json
import re
import warnings
from collections.abc import Collection
from typing import Any

import json5

from core.storable import storable_value

_FENCE = re.compile(r"```[\w-]*+(.*?)```", re.DOTALL)  # possessive, so that an unclosed fence is scanned only once
_STRING = re.compile(r""" "(?:[^"\\]|\\.)*+" | '(?:[^'\\]|\\.)*+' """, re.DOTALL | re.VERBOSE)
_MAX_LENGTH = 100_000  # characters
_MAX_JSON5_LENGTH = 4_000  # characters; the json5 parser is slow
_MAX_CANDIDATES = 5  # values in one reply

# `ast.literal_eval` warns about unknown escapes such as "\d", and the warning would be a plain line in the JSON log.
warnings.filterwarnings("ignore", category=SyntaxWarning, module="<unknown>")

UNREAD = object()


def read_json(text: str) -> Any:
    """Returns the JSON value in a model's reply, or UNREAD.

    Tries the whole text first, then the contents of code fences, then the outermost `{...}` and `[...]`. Two separate
    values in one reply are ambiguous, so they are UNREAD.
    """
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH:
        return UNREAD
    for candidates in ([text], _FENCE.findall(text), _brackets(text)):
        if len(candidates) > _MAX_CANDIDATES:
            continue
        values = [value for value in map(_read, candidates) if value is not UNREAD]
        if len(values) == 1:
            return values[0]
    return UNREAD


def unwrap(value: Any, expected: Collection[str]) -> Any:
    """Returns the object inside a value that wraps it in one more object, such as `{"result": {"city": "Leeds"}}`.

    Any other value is returned unchanged, in particular an object that has one of the `expected` names itself.
    """
    if not isinstance(value, dict) or _has_any(value, expected):
        return value
    members = [item[0] if isinstance(item, list) and len(item) == 1 else item for item in value.values()]
    inner = [item for item in members if isinstance(item, dict) and _has_any(item, expected)]
    return inner[0] if len(inner) == 1 else value


def _has_any(value: dict[str, Any], expected: Collection[str]) -> bool:
    return any(name in value for name in expected)


def _read(text: str) -> Any:
    text = text.strip()
    try:
        return storable_value(json.loads(text, strict=False))
    except (ValueError, RecursionError):
        pass
    if text[:1] not in ("{", "["):
        return UNREAD
    text = _STRING.sub(_with_escapes, text)
    try:
        return storable_value(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        pass
    if len(text) > _MAX_JSON5_LENGTH:
        return UNREAD
    try:
        return storable_value(json5.loads(text))
    except (ValueError, RecursionError):
        return UNREAD


def _with_escapes(string: re.Match[str]) -> str:
    """Escapes line ends and tabs in a quoted string, in which neither Python nor JSON5 allows them."""
    return string.group().replace("\\\n", "\n").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def _brackets(text: str) -> list[str]:
    """Returns the outermost balanced `{...}` and `[...]` of the text. Brackets inside quoted strings do not count."""
    found: list[str] = []
    stack: list[str] = []
    start, quote, skip = 0, "", False
    for at, char in enumerate(text):
        if skip:
            skip = False
        elif quote:
            skip = char == "\\"
            quote = "" if char == quote else quote
        elif char in "{[":
            if not stack:
                start = at
            stack.append("}" if char == "{" else "]")
        elif stack and char in "\"'":
            quote = char
        elif stack and char == stack[-1]:
            stack.pop()
            if not stack:
                found.append(text[start : at + 1])
    return found
