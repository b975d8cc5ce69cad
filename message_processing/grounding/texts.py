"""Finds a text in a message, apart from case, accents, spaces and punctuation."""

import re
import unicodedata
from functools import lru_cache

MAX_QUOTE = 200  # characters
_MAX_ENDING = 2  # letters that may follow a text in its last word: "blanket" is also in "blankets"
_MIN_LENGTH_WITH_ENDING = 4
# Scripts in which words are not separated by spaces.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def find_text(text: str, message: str) -> str | None:
    """Returns the part of the message that contains the text as whole words, as written there; None if none does."""
    wanted, _ = _plain(text)
    if not wanted:
        return None
    plain, places = _plain(message)
    start = plain.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        last = _end_of_word(message, places[end - 1] + 1)
        ending = message[places[end - 1] + 1 : last]
        may_end = not ending or (len(wanted) >= _MIN_LENGTH_WITH_ENDING and (wanted[-1] + ending).isalpha())
        is_unspaced = _UNSPACED.search(wanted) is not None
        is_word = may_end and len(ending) <= _MAX_ENDING and _is_start_of_word(message, places[start])
        if is_unspaced or is_word:
            return message[places[start] : places[end - 1] + 1 if is_unspaced else last]
        start = plain.find(wanted, start + 1)
    return None


def shortened(text: str) -> str:
    """Returns the text with at most MAX_QUOTE characters."""
    text = text.strip()
    return text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1].rstrip() + "…"


@lru_cache(16)
def _plain(text: str) -> tuple[str, tuple[int, ...]]:
    """Returns the letters and digits of the text, and the position of each of them in it."""
    plain, places = [], []
    for place, character in enumerate(text):
        for each in unicodedata.normalize("NFKD", character.casefold()):
            if each.isalnum():
                plain.append(str(unicodedata.decimal(each, each)))
                places.append(place)
    return "".join(plain), tuple(places)


def _is_start_of_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()


def _end_of_word(text: str, place: int) -> int:
    while place < len(text) and (text[place].isalnum() or unicodedata.combining(text[place])):
        place += 1
    return place
