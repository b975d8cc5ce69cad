"""Matches texts against regular expressions written by businesses. A badly written pattern can take exponential time
and block every thread of the process, so each match has a timeout."""

import regex

TIMEOUT = 0.05  # seconds


class PatternTimeout(Exception):
    """The match took too long, or the pattern is invalid."""


def contains_match(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere in the text. Raises PatternTimeout."""
    try:
        return regex.search(pattern, text, timeout=TIMEOUT) is not None
    except (TimeoutError, regex.error) as error:
        raise PatternTimeout from error


def is_full_match(pattern: str, text: str) -> bool:
    """Whether the pattern matches the entire text. Raises PatternTimeout."""
    try:
        return regex.fullmatch(pattern, text, timeout=TIMEOUT) is not None
    except (TimeoutError, regex.error) as error:
        raise PatternTimeout from error


def is_valid_pattern(pattern: str) -> bool:
    """Whether the pattern is a valid regular expression."""
    try:
        regex.compile(pattern)
    except (regex.error, OverflowError, RecursionError):
        return False
    return True
