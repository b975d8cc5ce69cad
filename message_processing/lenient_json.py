"""Reading JSON that a model wrote: bare, fenced, inside prose, with a trailing comma, or in Python's quoting.

Nothing is repaired by guessing: what none of the readers accepts as a whole is not read.
"""

import ast
import json
import math
import re
from typing import Any

import json5

_FENCE = re.compile(r"```[\w-]*\s*\n?(.*?)```", re.DOTALL)
_LONGEST = 100_000  # characters; a reply beyond this is no set of fields
_LONGEST_JSON5 = 10_000  # its parser is thorough and slow
_DEEPEST = 50

UNREAD = object()


def read_json(text: str) -> Any:
    """The JSON value in a model's reply, or UNREAD.

    The whole text is tried first, then what stands in a code fence, then the one outermost `{...}` or `[...]` in it.
    Two separate values in one reply are ambiguous and so UNREAD.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return UNREAD
    for candidate in (text, *_only(_FENCE.findall(text)), *_only(_brackets(text))):
        value = _read(candidate.strip())
        if value is not UNREAD:
            return value
    return UNREAD


def _only(candidates: list[str]) -> list[str]:
    return candidates if len(candidates) == 1 else []


def _read(text: str) -> Any:
    try:
        return _plain(json.loads(text))
    except (ValueError, RecursionError):
        pass
    if text[:1] not in ("{", "["):
        return UNREAD
    try:
        return _plain(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        pass
    if len(text) > _LONGEST_JSON5:
        return UNREAD
    try:
        return _plain(json5.loads(text))
    except (ValueError, RecursionError):
        return UNREAD


def _plain(value: Any, depth: int = 0) -> Any:
    """`value` if JSON can say it; ValueError for a set, a tuple, bytes, NaN, a key that is no text."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and math.isfinite(value):
        return value
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _plain(item, depth + 1) for key, item in value.items()}
    raise ValueError("not JSON")


def _brackets(text: str) -> list[str]:
    """The outermost balanced `{...}` and `[...]` of the text; brackets inside quoted strings do not count."""
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
