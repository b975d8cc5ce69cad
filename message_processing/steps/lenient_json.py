"""Reading JSON that a model wrote: bare, fenced, inside prose, with a trailing comma, or in Python's quoting.

Nothing is repaired by guessing: what none of the readers accepts as a whole is not read.
"""

import ast
import json
import re
import warnings
from typing import Any

import json5

from core.storable import storable_value

_FENCE = re.compile(r"```[\w-]*+(.*?)```", re.DOTALL)  # possessive: a fence that never closes costs one look
_LONGEST = 100_000  # characters; a reply beyond this is no set of fields
_LONGEST_JSON5 = 4_000  # its parser is thorough and slow
_MOST_CANDIDATES = 5  # values in one reply

# What the parser thinks of a model's backslashes would be lines of text in a log that is JSON.
warnings.filterwarnings("ignore", category=SyntaxWarning, module="<unknown>")

UNREAD = object()


def read_json(text: str) -> Any:
    """The JSON value in a model's reply, or UNREAD.

    The whole text is tried first, then what stands in code fences, then the outermost `{...}` and `[...]` in it. Two
    separate values in one reply are ambiguous and so UNREAD.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return UNREAD
    for candidates in ([text], _FENCE.findall(text), _brackets(text)):
        if len(candidates) > _MOST_CANDIDATES:
            continue
        values = [value for value in map(_read, candidates) if value is not UNREAD]
        if len(values) == 1:
            return values[0]
    return UNREAD


def _read(text: str) -> Any:
    text = text.strip()
    try:
        return storable_value(json.loads(text))
    except (ValueError, RecursionError):
        pass
    if text[:1] not in ("{", "["):
        return UNREAD
    try:
        return storable_value(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        pass
    if len(text) > _LONGEST_JSON5:
        return UNREAD
    try:
        return storable_value(json5.loads(text))
    except (ValueError, RecursionError):
        return UNREAD


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
