"""Matches texts against regular expressions written by businesses.

RE2 needs time proportional to the length of the text, whatever the pattern, and rejects large repetitions. It has no
look-around and no backreferences, which need exponential time in the worst case.
"""

from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN_LENGTH = 1000  # characters
_MAX_MEMORY = 1024 * 1024  # bytes per compiled pattern; RE2 keeps at most 128 of them
_MAX_WORK = 20_000_000  # size of the compiled pattern × length of the text: about 0.2 seconds at worst


class UnusablePattern(Exception):
    """The pattern is invalid, or matching this text would take too long."""


def contains_match(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere in the text. Raises UnusablePattern."""
    return _compile(pattern, text).search(text) is not None


def is_full_match(pattern: str, text: str) -> bool:
    """Whether the pattern matches the entire text. Raises UnusablePattern."""
    return _compile(pattern, text).fullmatch(text) is not None


def replace_matches(pattern: str, replacement: str, text: str) -> str:
    """Returns the text with the replacement in place of each match that is not empty. Raises UnusablePattern."""
    compiled = _compile(pattern, text)
    return str(compiled.sub(lambda match: replacement if match.group() else "", text))


def can_replace(pattern: str, max_length: int) -> bool:
    """Whether `replace_matches` can use the pattern for texts of this length, and it does not match an empty text."""
    try:
        return _compile(pattern, " " * max_length).fullmatch("") is None
    except UnusablePattern:
        return False


def is_valid_pattern(pattern: str) -> bool:
    """Whether the pattern can be used."""
    try:
        _compile(pattern)
    except UnusablePattern:
        return False
    return True


def _compile(pattern: str, text: str = "") -> Any:
    try:
        compiled = _compiled(pattern)
    except (re2.error, UnicodeEncodeError) as error:  # unpaired surrogates cannot be encoded
        raise UnusablePattern from error
    if compiled.programsize * len(text) > _MAX_WORK:
        raise UnusablePattern
    return compiled


@lru_cache(maxsize=128)
def _compiled(pattern: str) -> Any:
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise UnusablePattern
    options = re2.Options()
    options.max_mem, options.log_errors = _MAX_MEMORY, False
    return re2.compile(pattern, options)
