"""Finds a value of an `enum` in a message: as it is written, or by a word that sets it apart from the other choices."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from message_processing.grounding.texts import find_text

_MIN_WORD_LENGTH = 3
_STEM_LENGTH = 5  # "blanket", "blankets" and "Blankett" count as the same word
_MIN_SIMILARITY = 0.8  # of a misspelt word
_WORD = re.compile(r"[^\W_]+")
_MAX_SHORT = 2  # characters of a choice that only counts as it is written: "L" is not "l'"
_MAX_WORDS_OF_ANSWER = 3  # in a message of so few words, "l" is a size


def find_choice(choice: str, choices: Sequence[str], message: str) -> str | None:
    """Returns the part of the message that means this choice more than any other; None if none does."""
    if len(choice) <= _MAX_SHORT:
        words = _WORD.findall(message)
        is_answer = len(words) <= _MAX_WORDS_OF_ANSWER
        return next((word for word in words if word == choice or (is_answer and word.lower() == choice.lower())), None)
    written = find_text(choice, message)
    if written is not None:
        return written
    shares = {each: _share_of_words(each, message) for each in choices}
    share, word = shares.get(choice, (0.0, None))
    return word if share and share == max(share for share, _ in shares.values()) else None


def _share_of_words(choice: str, message: str) -> tuple[float, str | None]:
    """Returns the share of the choice's words in the message, and the first of them as written there."""
    words = _words(choice)
    found = [each for word in words if (each := _similar_word(word, message)) is not None]
    return (len(found) / len(words), found[0]) if found else (0.0, None)


def _similar_word(word: str, message: str) -> str | None:
    for written in _WORD.findall(message):
        other = _plain(written)
        if len(other) < _MIN_WORD_LENGTH:
            continue
        if other in (word, f"{word}s", f"{word}es") or (
            len(word) >= _STEM_LENGTH and other[:_STEM_LENGTH] == word[:_STEM_LENGTH]
        ):
            return str(written)
        longer = max(len(word), len(other))
        if longer > _STEM_LENGTH and SequenceMatcher(None, word, other).ratio() >= _MIN_SIMILARITY:
            return str(written)
    return None


@lru_cache(1_000)
def _words(choice: str) -> tuple[str, ...]:
    words = tuple(word for each in _WORD.findall(choice) if len(word := _plain(each)) >= _MIN_WORD_LENGTH)
    return words or (_plain(choice),)


def _plain(word: str) -> str:
    word = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in word if not unicodedata.combining(each))
