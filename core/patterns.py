"""Patterns that a business writes and a customer's text meets. Such a pair may take for ever, and a search holds up
every thread of the process; so each search has its time."""

import regex

SECONDS = 0.05


class TooSlow(Exception):
    """The search was given up, or could not begin."""


def is_found(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text. Raises TooSlow where that is not known in time."""
    try:
        return regex.search(pattern, text, timeout=SECONDS) is not None
    except (TimeoutError, regex.error) as error:
        raise TooSlow from error


def is_whole(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text. Raises TooSlow as `is_found` does."""
    try:
        return regex.fullmatch(pattern, text, timeout=SECONDS) is not None
    except (TimeoutError, regex.error) as error:
        raise TooSlow from error


def is_pattern(pattern: str) -> bool:
    try:
        regex.compile(pattern)
    except (regex.error, OverflowError, RecursionError):
        return False
    return True
